"""What has a derivative that nobody has written, and what is no operation on numbers. A refusal gives the reason."""

from scipy import special

from backprose.rules.registry import constant, not_yet, uncovered

# Some of these names are of newer or older versions than others.
NO_CLOSED_FORM = (
    "bdtrik bdtrin   chndtridf fdtridfd  kolmogi kolmogorov nbdtrik nbdtrin ncfdtr ncfdtri"
    " ncfdtridfd ncfdtridfn ncfdtrinc nctdtr nctdtridf nctdtrinc nctdtrit  smirnov smirnovi"
)
SPHEROIDAL = (
    "obl_ang1 obl_ang1_cv obl_cv obl_rad1 obl_rad1_cv obl_rad2 obl_rad2_cv pro_ang1 pro_ang1_cv pro_cv pro_rad1"
    " pro_rad1_cv pro_rad2 pro_rad2_cv mathieu_a mathieu_b mathieu_cem mathieu_modcem1 mathieu_modcem2 mathieu_modsem1"
    " mathieu_modsem2 mathieu_sem ellip_harm ellip_harm_2 ellip_normal"
)
SEQUENCES = (
    "assoc_legendre_p assoc_legendre_p_all clpmn legendre_p legendre_p_all lmbda lpmn lpn lqmn lqn mathieu_even_coef"
    " mathieu_odd_coef obl_cv_seq pbdn_seq pbdv_seq pbvv_seq pro_cv_seq riccati_jn riccati_yn sph_harm_y_all"
    " sph_legendre_p sph_legendre_p_all"
)
OF_INTEGERS = "bernoulli euler stirling2"
NODES = (
    "roots_chebyc roots_chebys roots_chebyt roots_chebyu roots_gegenbauer roots_genlaguerre roots_hermite"
    " roots_hermitenorm roots_jacobi roots_laguerre roots_legendre roots_sh_chebyt roots_sh_chebyu roots_sh_jacobi"
    " roots_sh_legendre"
)
ZEROS = (
    "ai_zeros bei_zeros beip_zeros ber_zeros berp_zeros bi_zeros erf_zeros fresnel_zeros fresnelc_zeros fresnels_zeros"
    " jn_zeros jnjnp_zeros jnp_zeros jnyn_zeros kei_zeros keip_zeros kelvin_zeros ker_zeros kerp_zeros y0_zeros"
    " y1_zeros y1p_zeros yn_zeros ynp_zeros"
)
POLYNOMIALS = (
    "chebyc chebys chebyt chebyu gegenbauer genlaguerre hermite hermitenorm jacobi laguerre legendre sh_chebyt"
    " sh_chebyu sh_jacobi sh_legendre"
)
SETTINGS = "SpecialFunctionError SpecialFunctionWarning errstate geterr seterr test"


def _named(names: str) -> list[object]:
    return [getattr(special, name) for name in names.split() if hasattr(special, name)]


not_yet(*_named(NO_CLOSED_FORM), reason="of its derivative no closed form is known here")
not_yet(*_named(SPHEROIDAL), reason="nobody has written down what its differential equation says of it")
not_yet(*_named(SEQUENCES), reason="it gives many orders or derivatives at once: take the function of one order")
not_yet(special.factorial2, special.factorialk, reason="of the extension to real numbers no derivative is written down")
constant(*_named(OF_INTEGERS), reason="defined for integers only")
not_yet(*_named(NODES), reason="nodes and weights are constants, but their parameters have a derivative")
uncovered(*_named(ZEROS), reason="its arguments are integers")
uncovered(*_named(POLYNOMIALS), reason="it makes an object: the functions eval_... have the polynomial's values")
uncovered(*_named(SETTINGS), reason="it is about SciPy itself, not about numbers")
uncovered(*_named("btdtr btdtri"), reason="SciPy has taken it away: it is betainc and betaincinv")
