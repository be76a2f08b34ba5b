"""The comparison of feriematch with other solvers: what is run, how it is measured, and how it is shown."""
