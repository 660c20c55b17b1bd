"""`python -m switchstats` is the `switchstats` command."""

from switchstats.cli import main

if __name__ == "__main__":
    main()
