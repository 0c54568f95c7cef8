# For `push` and `signature`: the registry, by variables of the one who runs them. To be sourced.
#   BETA_REGISTRY                  host[:port]/path, as in registry.example:5000/beta
#   BETA_REGISTRY_USER             who pushes; without it nobody logs in
#   BETA_REGISTRY_PASSWORD_FILE    a file that group and world cannot read, with the password alone
# The password is never printed, and never an argument, which every user of a machine can read.
# shellcheck shell=bash

HOST_PATTERN='[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?'
PATH_PATTERN='(/[a-z0-9]+([._-][a-z0-9]+)*)+'
TAG_PATTERN='[A-Za-z0-9_][A-Za-z0-9._-]{0,127}'
DIGEST_PATTERN='sha256:[0-9a-f]{64}'
LONGEST_PASSWORD=4096  # bytes; tokens are long

die() { printf '%s: %s\n' "$NAME" "$*" >&2; exit 65; }
misused() { printf '%s: %s\n' "$NAME" "$*" >&2; exit 64; }
need() { command -v "$1" >/dev/null || { printf '%s: %s\n' "$NAME" "$2" >&2; exit 69; }; }

# Plain HTTP to this machine alone, where tests and mirrors listen.
is_local() { [[ ${1%%/*} =~ ^(127\.0\.0\.1|localhost)(:|$) ]]; }

check_registry() {
    [ -n "${BETA_REGISTRY:-}" ] || misused "BETA_REGISTRY is not set"
    [[ $BETA_REGISTRY =~ ^$HOST_PATTERN$PATH_PATTERN$ ]] ||
        die "BETA_REGISTRY is not host[:port]/path in lower case"
    check_password
}

check_password() {
    local user=${BETA_REGISTRY_USER:-} file=${BETA_REGISTRY_PASSWORD_FILE:-} mode
    [ -z "${BETA_REGISTRY_PASSWORD:-}" ] ||
        die "BETA_REGISTRY_PASSWORD is not taken: put it into a file (BETA_REGISTRY_PASSWORD_FILE)"
    if [ -z "$user" ] && [ -z "$file" ]; then return; fi
    [ -n "$user" ] && [ -n "$file" ] ||
        die "BETA_REGISTRY_USER and BETA_REGISTRY_PASSWORD_FILE belong together"
    [[ $user =~ ^[A-Za-z0-9._@+$-]{1,255}$ ]] || die "BETA_REGISTRY_USER is no name of a user"
    [ -f "$file" ] || die "BETA_REGISTRY_PASSWORD_FILE: no such file"
    mode=$(stat -L -c %a "$file")
    [ $((0$mode & 077)) = 0 ] || die "BETA_REGISTRY_PASSWORD_FILE: group or world can read it"
    [ -s "$file" ] || die "BETA_REGISTRY_PASSWORD_FILE is empty"
    [ "$(stat -L -c %s "$file")" -le "$LONGEST_PASSWORD" ] ||
        die "BETA_REGISTRY_PASSWORD_FILE is too long for a password"
}

# Writes $1/config.json, as skopeo and cosign read it: the login, or none.
write_login() {
    local secret
    ( umask 077
      if [ -z "${BETA_REGISTRY_USER:-}" ]; then
          echo '{"auths":{}}'
      else
          secret=$(printf '%s:%s' "$BETA_REGISTRY_USER" "$(cat "$BETA_REGISTRY_PASSWORD_FILE")" |
              base64 -w0)
          printf '{"auths":{"%s":{"auth":"%s"}}}\n' "${BETA_REGISTRY%%/*}" "$secret"
      fi > "$1/config.json" )
}
