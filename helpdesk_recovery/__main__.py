"""Run the command line as ``python -m helpdesk_recovery``."""

from helpdesk_recovery.cli import main

if __name__ == "__main__":
    main()
