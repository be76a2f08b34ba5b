"""Everything the comparison needs, made in one folder: the Python packages, LEMON, our programs, the instances."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from comparison.catalogue import SOLVES, Solver

HERE = Path(__file__).resolve().parent.parent
SOLVER_SOURCES = HERE / "solvers"
CXX_FLAGS = ["-std=c++17", "-O3", "-march=native", "-DNDEBUG", "-w"]


class NotAvailableError(Exception):
    """A solver's program cannot be made here."""


@dataclass
class Workshop:
    """A folder with the programs and the instances.

    Attributes:
        folder: where everything is made.
        commands: how each program begins its command line.
        missing: why a program is not there.

    """

    folder: Path
    commands: dict[str, list[str]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def make(self, solvers: list[Solver]) -> None:
        """Make the programs of these solvers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.commands["rust"] = [str(self._cargo())]
        for program in dict.fromkeys(solver.program for solver in solvers if solver.program != "rust"):
            try:
                self.commands[program] = self._lemon() if program == "lemon" else self._python(program)
            except NotAvailableError as error:
                self.missing[program] = str(error)

    def write_instance(self, size: str) -> dict[str, int]:
        """Write the files of an instance and return its figures."""
        folder = self.folder / "instances"
        folder.mkdir(exist_ok=True)
        return json.loads(run([*self.commands["rust"], "write", size, str(folder)]))

    def command(self, solver: Solver, size: str) -> list[str]:
        """Return the command that solves an instance."""
        instance = self.folder / "instances" / f"{size}.{solver.rows}"
        return [*self.commands[solver.program], solver.formulation, str(instance), str(SOLVES.get(size, 1))]

    def versions(self) -> dict[str, str]:
        """Return the versions of everything."""
        versions = {"rustc": run(["rustc", "--version"]).split()[1], "Python": platform.python_version()}
        lock = (HERE / "ours" / "Cargo.lock").read_text()
        versions["pathfinding"] = re.search(r'name = "pathfinding"\nversion = "(.*)"', lock)[1]
        if "lemon" in self.commands:
            versions["LEMON"] = re.search(r'LEMON_VERSION "(.*)"', (self._lemon_headers() / "config.h").read_text())[1]
            versions["g++"] = run(["g++", "-dumpfullversion"]).strip()
        if (self._venv / "bin" / "pip").exists():
            packages = {line.split("==")[0] for line in requirements().splitlines()}
            installed = json.loads(run([str(self._venv / "bin" / "pip"), "list", "--format=json"]))
            versions |= {package["name"]: package["version"] for package in installed if package["name"] in packages}
        with suppress(NotAvailableError):
            versions["feriematch"] = run(["git", "-C", str(HERE), "describe", "--always", "--dirty"]).strip()
        return versions

    @property
    def _venv(self) -> Path:
        return self.folder / "venv"

    def _cargo(self) -> Path:
        target = self.folder / "cargo"
        manifest = HERE / "ours" / "Cargo.toml"
        run(["cargo", "build", "--quiet", "--release", "--manifest-path", str(manifest), "--target-dir", str(target)])
        return target / "release" / "feriematch-peers"

    def _python(self, program: str) -> list[str]:
        python = self._venv / "bin" / "python"
        stamp = self._venv / "installed.txt"
        if not stamp.exists() or stamp.read_text() != requirements():
            run([sys.executable, "-m", "venv", "--clear", str(self._venv)])
            run([str(python), "-m", "pip", "install", "--quiet", "--requirement", str(HERE / "requirements.txt")])
            stamp.write_text(requirements())
        return [str(python), str(SOLVER_SOURCES / program)]

    def _lemon(self) -> list[str]:
        program = self.folder / "lemon"
        include = self._lemon_headers().parent
        run(["g++", *CXX_FLAGS, f"-I{include}", str(SOLVER_SOURCES / "lemon.cpp"), "-o", str(program)])
        return [str(program)]

    def _lemon_headers(self) -> Path:
        """Return where LEMON's headers are: the system's, or those of the package, unpacked without installing it."""
        unpacked = self.folder / "liblemon-dev"
        for root in (Path("/"), unpacked):
            headers = root / "usr/include/lemon"
            if (headers / "config.h").exists():
                return headers
        unpacked.mkdir(exist_ok=True)
        run(["apt-get", "download", "liblemon-dev"], cwd=unpacked)
        for package in unpacked.glob("*.deb"):
            run(["dpkg", "--extract", str(package), str(unpacked)])
        return unpacked / "usr/include/lemon"


def requirements() -> str:
    """Return the pinned Python packages."""
    return (HERE / "requirements.txt").read_text()


def machine() -> dict[str, str | int | float]:
    """Return the processor, its cores, the memory and the system."""
    processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory_kb = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    return {
        "processor": processor[1] if processor else platform.machine(),
        "cores": os.cpu_count() or 1,
        "memory_gib": round(int(memory_kb[1]) / 2**20, 1) if memory_kb else 0,
        "system": platform.freedesktop_os_release().get("PRETTY_NAME", platform.system()),
    }


def run(command: list[str], cwd: Path | None = None) -> str:
    """Run a command and return what it prints."""
    try:
        return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout
    except FileNotFoundError as error:
        raise NotAvailableError(f"`{command[0]}` is not installed") from error
    except subprocess.CalledProcessError as error:
        raise NotAvailableError(f"`{' '.join(command)}` failed: {error.stderr.strip()}") from error
