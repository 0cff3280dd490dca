# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# lib - what every tool needs: the packages, an ordinary user, a place to build
#
# A tool begins with
#
#     . "$(dirname "$0")/lib.sh"
#     sugu_need build run test
#     sugu_step_down "$@"
#
# and from there on runs as an ordinary user in $sugu_top, which is the clone, or a copy of it where
# that user cannot read the clone (below /root) or nothing can be built in it. Started as root,
# sugu_step_down runs the tool again as that user, waits for it, cleans up and ends with its status.
# Nothing outside the clone is touched but the packages and folders made with mktemp.

sugu_tool=$(basename "$0")
sugu_top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)

# Folders of a clone in which this tool builds; all are ignored by git.
case $sugu_tool in
test) sugu_build_folders='_build _asan _clang' ;;
fuzz) sugu_build_folders=_fuzz ;;
package*) sugu_build_folders=_packages ;;
*) sugu_build_folders=_build ;;
esac

# sugu_die STATUS TEXT: end with a message. Statuses are those of core/base/settings.h.
sugu_die() {
    printf '%s: %s\n' "$sugu_tool" "$2" >&2
    exit "$1"
}

# sugu_missing GROUP…: the packages of the groups that are not installed.
sugu_missing() {
    "$sugu_top/tools/packages" "$@" | sort -u >"$sugu_scratch/wanted"
    # dpkg-query fails where a package is unknown to it; what it prints is what is installed.
    xargs dpkg-query -W -f '${db:Status-Status} ${Package}\n' <"$sugu_scratch/wanted" 2>/dev/null |
        sed -n 's/^installed //p' | sort -u >"$sugu_scratch/installed"
    comm -23 "$sugu_scratch/wanted" "$sugu_scratch/installed"
}

# sugu_install PACKAGE…: with apt-get, as root or through sudo. The lists are renewed only where the
# packages cannot be had without.
sugu_install() {
    sugu_sudo=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null ||
            sugu_die 69 "needs these packages; install them as root: apt-get install $*"
        sugu_sudo=sudo
        if [ ! -t 0 ] && ! sudo -n true 2>/dev/null; then
            sugu_die 69 "needs these packages and may not use sudo here: apt-get install $*"
        fi
    fi
    echo "$sugu_tool: installs $*" >&2
    for sugu_try in old new; do
        if [ "$sugu_try" = new ]; then
            $sugu_sudo env DEBIAN_FRONTEND=noninteractive apt-get -q update \
                >>"$sugu_scratch/apt" 2>&1 || true
        fi
        if $sugu_sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
            -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@" \
            >>"$sugu_scratch/apt" 2>&1 </dev/null; then
            return 0
        fi
    done
    tail -n 20 "$sugu_scratch/apt" >&2
    sugu_die 69 "apt-get could not install: $*"
}

# sugu_need GROUP…: installs what is missing of the groups. Does nothing in the run as the ordinary
# user, for which the run as root has done it.
sugu_need() {
    [ -z "${SUGU_STEPPED_DOWN:-}" ] || return 0
    command -v dpkg-query >/dev/null || sugu_die 69 "needs Debian 12 (no dpkg-query found)"
    sugu_scratch=$(mktemp -d)
    sugu_list=$(sugu_missing "$@")
    # shellcheck disable=SC2086 # a list of package names
    [ -z "$sugu_list" ] || (sugu_install $sugu_list) || { rm -rf "$sugu_scratch"; exit 69; }
    rm -rf "$sugu_scratch"
}

# sugu_copy: prints a new folder below /tmp with the clone's files as they are now, and its history.
sugu_copy() {
    sugu_to=$(mktemp -d "${TMPDIR:-/tmp}/sugu-copy.XXXXXX")
    # A repository of another owner is not trusted by git unless a settings file says so.
    printf '[safe]\n\tdirectory = *\n' >"$sugu_to/.gitconfig"
    if HOME=$sugu_to git clone -q --no-hardlinks --no-checkout "$sugu_top" "$sugu_to/clone" \
        2>/dev/null; then
        (cd "$sugu_top" && HOME=$sugu_to git ls-files -z -co --exclude-standard |
            tar -c --null -T - --ignore-failed-read -f - 2>/dev/null) |
            tar -x -C "$sugu_to/clone" -f -
        HOME=$sugu_to git -C "$sugu_to/clone" reset -q 2>/dev/null || true
    else # not a repository: everything but what was built
        mkdir "$sugu_to/clone"
        tar -c -C "$sugu_top" --exclude './_*' -f - . | tar -x -C "$sugu_to/clone" -f -
    fi
    rm "$sugu_to/.gitconfig"
    echo "$sugu_to/clone"
}

# sugu_readable: can the ordinary user read every file of the clone?
sugu_readable() {
    sugu_unreadable=$(cd / && "$sugu_top/tools/as-user" find "$sugu_top" -name '_*' -prune -o \
        -name .git -prune -o ! -readable -print -quit 2>&1) && [ -z "$sugu_unreadable" ]
}

# sugu_run CMD…: runs it, with our standard input, and returns its status. INT, TERM and HUP end it
# by TERM, and it is waited for: nothing goes on behind the back of who has ended the tool.
sugu_run() {
    "$@" <&0 &
    sugu_running=$!
    trap 'kill -TERM $sugu_running 2>/dev/null || true' INT TERM HUP
    sugu_status=0
    wait "$sugu_running" || sugu_status=$?
    while kill -0 "$sugu_running" 2>/dev/null; do # a signal ended the wait, not the command
        sugu_status=0
        wait "$sugu_running" || sugu_status=$?
    done
    trap - INT TERM HUP
    return "$sugu_status"
}

# sugu_again TREE ARG…: this tool of that tree, as the ordinary user. From / because that one may
# not be able to stand in the present folder.
sugu_again() {
    sugu_tree=$1
    shift
    cd /
    SUGU_STEPPED_DOWN=1 exec "$sugu_tree/tools/as-user" "$sugu_tree/tools/$sugu_tool" "$@"
}

# Root's half of sugu_step_down: run the tool again as the ordinary user, then clean up.
sugu_as_root() {
    SUGU_HOME=$(mktemp -d /tmp/sugu-home.XXXXXX)
    export SUGU_HOME
    chmod 0755 "$SUGU_HOME"
    printf '[safe]\n\tdirectory = *\n' >"$SUGU_HOME/.gitconfig"
    chown -R nobody:nogroup "$SUGU_HOME"
    sugu_tree=$sugu_top
    if sugu_readable; then
        for sugu_folder in $sugu_build_folders; do
            mkdir -p "$sugu_top/$sugu_folder"
            # Something may have been built there as root.
            [ -z "$(find "$sugu_top/$sugu_folder" ! -user nobody -print -quit)" ] ||
                chown -R nobody:nogroup "$sugu_top/$sugu_folder"
        done
    else
        sugu_tree=$(sugu_copy)
        chmod 0755 "${sugu_tree%/clone}"
        chown -R nobody:nogroup "$sugu_tree"
        echo "$sugu_tool: works on a copy, $sugu_tree" >&2
    fi
    sugu_ended=0
    sugu_run sugu_again "$sugu_tree" "$@" || sugu_ended=$?
    rm -rf "$SUGU_HOME"
    for sugu_folder in $sugu_build_folders; do # in which nothing was built after all
        rmdir "$sugu_top/$sugu_folder" 2>/dev/null || true
    done
    if [ "$sugu_tree" != "$sugu_top" ]; then
        if [ "$sugu_ended" -eq 0 ] || [ "$sugu_ended" -gt 128 ]; then
            rm -rf "${sugu_tree%/clone}"
        else
            echo "$sugu_tool: the copy is kept: $sugu_tree" >&2
        fi
    fi
    exit "$sugu_ended"
}

# Is there a place in $sugu_top where this user can build?
sugu_can_build() {
    [ ! -w "$sugu_top" ] || return 0
    for sugu_folder in $sugu_build_folders; do
        [ ! -w "$sugu_top/$sugu_folder" ] || return 0
    done
    return 1
}

# sugu_step_down ARG…: from here on an ordinary user, in $sugu_top. Give it the tool's arguments.
sugu_step_down() {
    if [ "$(id -u)" -eq 0 ]; then
        sugu_as_root "$@"
    fi
    if ! sugu_can_build; then
        sugu_top=$(sugu_copy)
        echo "$sugu_tool: works on a copy, $sugu_top" >&2
    fi
    cd "$sugu_top"
}

# sugu_build_folder NAME: prints where to build: NAME in the clone, or NAME-USER where NAME belongs
# to another user (a run as root made it).
sugu_build_folder() {
    if [ -e "$sugu_top/$1" ] && [ ! -w "$sugu_top/$1" ]; then
        echo "$sugu_top/$1-$(id -un)"
    else
        echo "$sugu_top/$1"
    fi
}

# sugu_hand_over FOLDER: as root, before sugu_step_down: make FOLDER and give it to the ordinary
# user, for what the tool is to leave there.
sugu_hand_over() {
    mkdir -p "$1"
    [ "$(id -u)" -ne 0 ] || chown nobody:nogroup "$1"
}
