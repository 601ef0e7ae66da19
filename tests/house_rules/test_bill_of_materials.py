"""`make sbom` names everything CTS is made of, as it is locked."""

import json
import re
import subprocess
from pathlib import Path

from tests.house_rules.source import PROJECT
from tests.house_rules.test_locks_and_settings import requirements


def test_the_bill_of_materials_names_every_locked_package_with_its_hashes(tmp_path: Path) -> None:
    path = tmp_path / "made" / "sbom.json"
    subprocess.run(["make", "-s", "-o", "test-environment", "sbom", f"SBOM={path}"], cwd=PROJECT, check=True)
    bill = json.loads(path.read_text(encoding="utf-8"))
    assert bill["bomFormat"] == "CycloneDX"
    named = {
        (part["name"], part["version"], len(reference["hashes"]))
        for part in bill["components"]
        for reference in part["externalReferences"]
        if "hashes" in reference
    }
    exact = (re.match(r"([a-z0-9.-]+)==([\w.]+)", line) for line in requirements("requirements.txt"))
    locked = [(found[1], found[2]) for found in exact if found]
    assert len(locked) > 50
    hashes = [line.count("--hash=") for line in requirements("requirements.txt")]
    assert named == {(*one, count) for one, count in zip(locked, hashes, strict=True)}
