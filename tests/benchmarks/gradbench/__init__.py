"""GradBench's twelve evals, differentiated by backprose: ``README.md`` says what is here."""
