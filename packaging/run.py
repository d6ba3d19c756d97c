# SPDX-License-Identifier: MIT
"""Sets Gallery Search up in `.venv`, where that is not done yet, and starts it.

    python3 packaging/run.py [arguments of gallery-search]

Standard output and the exit status are those of `gallery-search`; what the set-up has to say goes
to standard error.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this file is what an older Python is given to read
    sys.exit("Gallery Search needs Python 3.11 or newer; this is Python " + sys.version.split()[0])

import setup_environment


def main() -> int:
    """Set up, start, and give the exit status back."""
    environment = setup_environment.Environment.of_this_checkout()
    try:
        setup_environment.ensure(environment, extras=())
        try:
            return environment.start("gallery-search", sys.argv[1:])
        except OSError:  # somebody removed or damaged part of .venv: make good what is missing
            environment.forget()
            setup_environment.ensure(environment, extras=())
            return environment.start("gallery-search", sys.argv[1:])
    except setup_environment.SetUpError as error:
        setup_environment.say(str(error))
        return 1
    except OSError as error:
        setup_environment.say(f"Gallery Search cannot be started: {error}.")
        return 1
    except KeyboardInterrupt:
        setup_environment.say("Stopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main())
