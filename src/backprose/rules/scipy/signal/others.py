"""What has no rule yet: spectra, the design of filters, systems; and what is no operation."""

from scipy import signal

from backprose.rules.registry import constant, not_yet, there

constant(
    signal.argrelextrema, signal.argrelmax, signal.argrelmin, signal.find_peaks_cwt, signal.correlation_lags,
    signal.choose_conv_method, signal.check_COLA, signal.check_NOLA,
    reason="integers, names, true or false",
)  # fmt: skip
not_yet(
    signal.find_peaks, signal.peak_prominences, signal.peak_widths,
    reason="heights and widths beside the places: find the places in backprose.stop_gradient(x), and take x there",
)  # fmt: skip
not_yet(
    signal.band_stop_obj, signal.bessel, signal.besselap, signal.bilinear, signal.bilinear_zpk, signal.buttap,
    signal.butter, signal.buttord, signal.cheb1ap, signal.cheb1ord, signal.cheb2ap, signal.cheb2ord, signal.cheby1,
    signal.cheby2, signal.ellip, signal.ellipap, signal.ellipord, signal.firls, signal.firwin, signal.firwin2,
    signal.gammatone, signal.iircomb, signal.iirdesign, signal.iirfilter, signal.iirnotch, signal.iirpeak,
    signal.kaiser_atten, signal.kaiser_beta, signal.kaiserord, signal.lp2bp, signal.lp2bp_zpk, signal.lp2bs,
    signal.lp2bs_zpk, signal.lp2hp, signal.lp2hp_zpk, signal.lp2lp, signal.lp2lp_zpk, signal.minimum_phase,
    signal.remez, signal.savgol_coeffs,
    reason="nobody has written the derivatives of a filter's coefficients with respect to what it is designed by",
)  # fmt: skip
not_yet(
    signal.freqs, signal.freqs_zpk, signal.freqz, *there(signal, "freqz_sos sosfreqz"), signal.freqz_zpk,
    signal.group_delay, signal.findfreqs, signal.czt_points,
    reason="nobody has written the derivatives of frequency responses: np.polyval of exp(-1j * w) has a rule",
)  # fmt: skip
not_yet(
    signal.abcd_normalize, signal.bode, signal.cont2discrete, signal.dbode, signal.dfreqresp, signal.dimpulse,
    signal.dlsim, signal.dstep, signal.freqresp, signal.impulse, signal.lsim, signal.place_poles, signal.step,
    reason="systems are tuples or objects of SciPy's",
)  # fmt: skip
not_yet(
    signal.invres, signal.invresz, signal.normalize, signal.residue, signal.residuez, signal.sos2tf, signal.sos2zpk,
    signal.ss2tf, signal.ss2zpk, signal.tf2sos, signal.tf2ss, signal.tf2zpk, signal.unique_roots, signal.zpk2sos,
    signal.zpk2ss, signal.zpk2tf,
    reason="nobody has written the derivatives of roots and coefficients",
)  # fmt: skip
if hasattr(signal, "firwin_2d"):  # SciPy 1.16
    not_yet(signal.firwin_2d, reason="as firwin")
not_yet(
    *there(signal, "cascade cmplx_sort cwt daub morlet morlet2 qmf ricker"),  # until SciPy 1.14
    reason="SciPy has given it up",
)
