#!/usr/bin/env bash
# Installs the named tools at pinned versions: bash install-tools.sh terraform helm
# A tool that is on PATH at that version already is left alone. Archives are proven by tool-checksums.txt before use.
#   TERRAFORM_VERSION  the target's (given by the state machine)
#   HELM_VERSION       4.1.4 unless set; it only installs the GitOps engine's chart
#   TOOLS_DIRECTORY    a directory on PATH, /usr/local/bin unless set
set -euo pipefail

checksums="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/tool-checksums.txt"
tools_directory="${TOOLS_DIRECTORY:-/usr/local/bin}"

fail() {
  echo "$*" >&2
  exit 1
}

case "$(uname -m)" in
  x86_64) architecture=amd64 ;;
  aarch64 | arm64) architecture=arm64 ;;
  *) fail "There are no checksums for the architecture $(uname -m); run the build on amd64 or arm64." ;;
esac

# Whether what a tool says of itself names exactly this version (1.11.4 is not 1.11.40).
is_version() { # said version
  [[ "$1" =~ (^|[^0-9.])${2//./\\.}([^0-9.]|$) ]]
}

download() { # url archive target
  local expected found
  expected="$(awk -v archive="$2" '$2 == archive { print $1 }' "$checksums")"
  [[ -n "$expected" ]] ||
    fail "There is no checksum of $2, so it cannot be trusted; add it to buildspecs/tool-checksums.txt or pin a version that is listed there."
  curl --fail --silent --show-error --location --retry 3 --max-time 300 --output "$3/$2" "$1/$2" ||
    fail "$1/$2 could not be downloaded."
  found="$(sha256sum "$3/$2" | cut -d ' ' -f 1)"
  [[ "$found" == "$expected" ]] ||
    fail "$2 has the SHA-256 $found instead of $expected; it is not what its maker released."
}

install_terraform() {
  [[ -n "${TERRAFORM_VERSION:-}" ]] || fail "TERRAFORM_VERSION is not set; the state machine sets it to the target's version."
  local version="${TERRAFORM_VERSION#v}" work
  if is_version "$(terraform version 2>/dev/null | head -n 1)" "$version"; then
    echo "Terraform $version is installed."
    return
  fi
  work="$(mktemp -d)"
  local archive="terraform_${version}_linux_${architecture}.zip"
  download "https://releases.hashicorp.com/terraform/$version" "$archive" "$work"
  if command -v unzip >/dev/null; then
    unzip -q -o "$work/$archive" terraform -d "$work"
  else
    python3 -m zipfile -e "$work/$archive" "$work"
  fi
  install -m 0755 "$work/terraform" "$tools_directory/terraform"
  rm -rf "$work"
  echo "Terraform $version was installed."
}

install_helm() {
  local version="${HELM_VERSION:-4.1.4}" work
  version="${version#v}"
  if is_version "$(helm version --short 2>/dev/null)" "$version"; then
    echo "Helm $version is installed."
    return
  fi
  work="$(mktemp -d)"
  local archive="helm-v${version}-linux-${architecture}.tar.gz"
  download "https://get.helm.sh" "$archive" "$work"
  tar -xzf "$work/$archive" -C "$work" "linux-$architecture/helm"
  install -m 0755 "$work/linux-$architecture/helm" "$tools_directory/helm"
  rm -rf "$work"
  echo "Helm $version was installed."
}

for tool in "$@"; do
  case "$tool" in
    terraform) install_terraform ;;
    helm) install_helm ;;
    *) fail "install-tools.sh does not know the tool $tool; it installs terraform and helm." ;;
  esac
done
