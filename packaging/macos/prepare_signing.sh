#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Puts the certificate and the notary's credentials into a keychain of this build alone.
# Not yet run on macOS: see docs/release.md.
set -euo pipefail

keychain="${RUNNER_TEMP:-/tmp}/gallery-search.keychain-db"
password="$(openssl rand -hex 16)"
certificate="$(mktemp)"
trap 'rm -f "$certificate"' EXIT

printf '%s' "$MACOS_CERTIFICATE" | base64 --decode > "$certificate"
security create-keychain -p "$password" "$keychain"
security set-keychain-settings -lut 21600 "$keychain"
security unlock-keychain -p "$password" "$keychain"
security import "$certificate" -P "$MACOS_CERTIFICATE_PASSWORD" -f pkcs12 \
    -k "$keychain" -T /usr/bin/codesign
security set-key-partition-list -S apple-tool:,apple: -s -k "$password" "$keychain"
security list-keychains -d user -s "$keychain" login.keychain-db

if [ -n "${MACOS_NOTARY_APPLE_ID:-}" ]; then
    xcrun notarytool store-credentials gallery-search --keychain "$keychain" \
        --apple-id "$MACOS_NOTARY_APPLE_ID" --password "$MACOS_NOTARY_PASSWORD" \
        --team-id "$MACOS_NOTARY_TEAM"
    if [ -n "${GITHUB_ENV:-}" ]; then
        echo "GALLERY_SEARCH_NOTARY_PROFILE=gallery-search" >> "$GITHUB_ENV"
    fi
fi
