"""Bring the parts that tests need beyond the locks: Chromium, fonts and PDF tools from Debian, geth from its source."""

import os
import shutil
import subprocess
import sys

from tests import geth_build

PARTS = {"chromium": "chromium", "pdftotext": "poppler-utils"}


def missing() -> list[str]:
    return [package for command, package in PARTS.items() if shutil.which(command) is None]


def main() -> int:
    return install(missing()) or geth_build.main()


def install(packages: list[str]) -> int:
    if not packages:
        return 0
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        print(f"The tests need {', '.join(packages)}: install them with the system's package manager", file=sys.stderr)
        return 2
    print(f"· installing {', '.join(packages)}")
    apt("update", "-qq")
    apt("install", "-y", "-qq", *packages, "fonts-noto-cjk")
    return 0


def apt(*arguments: str) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", *arguments], check=True, stdout=subprocess.DEVNULL, env=quiet)


if __name__ == "__main__":
    sys.exit(main())
