"""Print the lowest version of every requirement that pyproject.toml allows, as constraints for pip."""

import re
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf8"))["project"]
requirements = project["dependencies"] + [
    one for extra in ("files", "test") for one in project["optional-dependencies"][extra]
]
for requirement in sorted(set(requirements)):
    name, version = re.fullmatch(r"([\w.-]+)(?:\[.*\])?>=([\w.]+)", requirement).groups()
    print(f"{name}=={version}")
print("pyparsing==3.1.2")  # of the age of the lowest matplotlib, which a later one scolds
