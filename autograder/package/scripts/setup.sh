#!/usr/bin/env bash
# Run once, as root, while the grading image is built. Gradescope's default is Ubuntu
# 22.04, whose python3 is too old; it has python3.11 beside it.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
source_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=${AUTOGRADER_VENV:-/opt/autograder}

apt-get update
apt-get install -y --no-install-recommends bubblewrap libseccomp2 util-linux
apt-get install -y --no-install-recommends python3.11 python3.11-venv ||
    apt-get install -y --no-install-recommends python3 python3-venv
# The system's own: one below /root could not be started by a submission's user.
python=/usr/bin/python3.11
[ -x "$python" ] || python=/usr/bin/python3

# Outside of the folder with the tests: a submission's user must be able to read it.
"$python" -m venv "$venv"
"$venv/bin/python" -m pip install --no-cache-dir \
    --requirement "$source_folder/requirements.txt" \
    --constraint "$source_folder/constraints.txt"
chmod -R go+rX "$venv"
chmod 700 "$source_folder"
