"""The subcommands of `ara-inspector`, a module each; `cli` loads only the one that is run.

A command module has `configure(parser)`, which declares its arguments, and `run(arguments)`,
which returns the exit status.
"""
