// SPDX-License-Identifier: Apache-2.0

/// The shell functions that the scripts of `HostSetup` are made of: POSIX, for dash and for BusyBox alike.
///
/// They read the variables that `HostSetupScript` puts before them. What is made is noted before it is made, so that
/// `remove` finds it even after a crash in between.
enum SetupShell {
    /// Words, notes and files.
    static let foundation = #"""
        say() { printf 'jarvis: %s\n' "$*"; }
        die() { printf 'jarvis: %s\n' "$*" >&2; exit 1; }

        temporary=
        trap '[ -z "$temporary" ] || rm -f "$temporary"' EXIT
        trap 'exit 1' HUP INT TERM

        # What enrolment itself made here, a line each, in the order of making.
        notes_folder=/var/lib/jarvis-enrolment
        notes=$notes_folder/made

        noted() { [ -f "$notes" ] && grep -qxF -- "$1" "$notes"; }
        note() { noted "$1" || printf '%s\n' "$1" >>"$notes"; }

        ours() {
            if noted "host $name" && noted "user $user"; then return 0; fi
            die "this machine is enrolled otherwise ($(head -n 2 "$notes" | tr '\n' ' ')): remove that first"
        }
        """#

    /// Files, and folders above them.
    static let making = #"""
        open_notes() {
            [ ! -L "$notes_folder" ] || die "$notes_folder is a symbolic link; look who put it there"
            if [ ! -f "$notes" ]; then
                mkdir -p "$notes_folder"
                chmod 700 "$notes_folder"
                printf 'host %s\nuser %s\n' "$name" "$user" >"$notes.new"
                mv -f "$notes.new" "$notes"
            fi
            ours
        }

        # folder PATH: makes it and what is missing above it, for root.
        folder() {
            case $1 in '' | /) return 0 ;; esac
            [ ! -d "$1" ] || return 0
            folder "${1%/*}"
            note "folder $1"
            mkdir -m 755 "$1"
        }

        # begin FILE MODE: names the file beside it that `finish` puts in its place in one step. sudo and others skip it.
        begin() {
            if [ -L "$1" ] || [ -d "$1" ]; then die "$1 is no plain file; nothing was changed there"; fi
            temporary=${1%/*}/.${1##*/}.jarvis-new
            rm -f "$temporary"
            (umask 077 && : >"$temporary")
            chmod "$2" "$temporary"
        }

        finish() {
            [ -e "$1" ] || note "file $1"
            mv -f "$temporary" "$1"
            temporary=
        }
        """#

    /// The login, as it is, and the keys that it accepts.
    static let login = #"""
        entry() {
            if command -v getent >/dev/null 2>&1; then
                getent passwd "$user" || :
            else
                while read -r line; do
                    case $line in "$user":*) printf '%s\n' "$line" ;; esac
                done </etc/passwd
            fi
        }

        # Sets uid, gid, home and keys; false when there is no such user.
        find_account() {
            line=$(entry)
            [ -n "$line" ] || return 1
            # shellcheck disable=SC2034 # Not every script needs all of it.
            IFS=: read -r _ _ uid gid _ home _ <<END_OF_ENTRY
        $line
        END_OF_ENTRY
            case $home in /?*) ;; *) die "the home directory of $user is '$home'; give it one of its own" ;; esac
            [ "$uid" -ne 0 ] || die "$user is root; Jarvis logs in as a user of its own"
            keys=$home/.ssh/authorized_keys
            if [ -L "$home" ] || [ -L "$home/.ssh" ] || [ -L "$keys" ]; then
                die "$keys lies behind a symbolic link; nothing was changed there"
            fi
        }

        # as_owner SCRIPT: by whom the folder belongs to. Root touches nothing where somebody else may put links.
        as_owner() {
            if noted "account $user"; then sh -c "$1"; else su -s /bin/sh "$user" -c "$1"; fi
        }

        # change_keys SCRIPT: standard input, then what sed leaves of the keys; other lines stay as they are.
        change_keys() {
            [ -f "$keys" ] || note "keys $keys"
            edit=$1
            folder_of_keys=$home/.ssh
            mask=077
            if noted "account $user"; then mask=022; fi
            export edit folder_of_keys mask
            # shellcheck disable=SC2016 # The other shell expands it.
            as_owner '
                set -eu
                cd -P "$folder_of_keys"
                if [ -L authorized_keys ] || [ -d authorized_keys ]; then echo "authorized_keys is no plain file" >&2; exit 1; fi
                trap "rm -f authorized_keys.jarvis-new" EXIT
                rm -f authorized_keys.jarvis-new
                if [ -f authorized_keys ]; then
                    case $(stat -c %a authorized_keys 2>/dev/null) in *4) mask=022 ;; esac
                fi
                umask "$mask"
                set -C
                { cat; [ ! -f authorized_keys ] || sed -e "$edit" authorized_keys; } >authorized_keys.jarvis-new
                mv -f authorized_keys.jarvis-new authorized_keys
            ' || die "$keys was not changed"
            if command -v restorecon >/dev/null 2>&1; then restorecon -R "$home/.ssh" 2>/dev/null || :; fi
        }
        """#

    /// The login, made.
    static let account = #"""
        account() {
            if [ -z "$(entry)" ]; then
                [ ! -e "/home/$user" ] || die "/home/$user is there, but no user $user; move it away first"
                command -v useradd >/dev/null 2>&1 || command -v adduser >/dev/null 2>&1 ||
                    die "there is neither useradd nor adduser here; make the user $user by hand, then run this again"
                note "account $user"
                if grep -q "^$user_pattern:" /etc/group; then group=; else group=1; note "group $user"; fi
                if command -v useradd >/dev/null 2>&1; then
                    if [ "$group" ]; then set -- --user-group; else set -- --gid "$user"; fi
                    useradd --system --no-create-home --home-dir "/home/$user" --shell /bin/sh "$@" "$user"
                else
                    # Those of BusyBox, which would put a system's user into nogroup.
                    [ -z "$group" ] || addgroup -S "$user"
                    adduser -S -D -H -h "/home/$user" -s /bin/sh -G "$user" "$user" >/dev/null
                fi
                say "made the user $user"
            fi
            find_account || die "the user $user could not be made"
            if noted "account $user"; then
                # No password fits `*`; a locked account (`!`) would be refused by some SSH servers.
                if command -v usermod >/dev/null 2>&1; then usermod --password '*' "$user"
                else printf '%s:*\n' "$user" | chpasswd -e >/dev/null; fi
                # All of it root's: who gets in as Jarvis can't let anybody else in.
                folder "${home%/*}"
                for path in "$home" "$home/.ssh"; do
                    [ -d "$path" ] || { note "tree $path"; mkdir -m 755 "$path"; }
                done
            elif [ ! -d "$home/.ssh" ]; then
                [ -d "$home" ] || die "$user has no home directory; make $home first"
                note "folder $home/.ssh"
                folder_of_keys=$home/.ssh
                export folder_of_keys
                # shellcheck disable=SC2016 # The other shell expands it.
                as_owner 'mkdir -m 700 "$folder_of_keys"' || die "$home/.ssh could not be made by $user"
            fi
        }
        """#

    /// One line of the keys.
    static let keyLine = #"""
        key_line() {
            options=restrict
            if [ ! -x /usr/sbin/sshd ] && command -v dropbear >/dev/null 2>&1; then
                options=no-port-forwarding,no-agent-forwarding,no-X11-forwarding,no-pty
            fi
            [ -z "$guarded" ] || options="$options,command=\"/usr/local/sbin/jarvis-guard serve\""
            printf '%s %s %s\n' "$options" "$public_key" "$marker"
        }
        """#

    /// Sessions, ended.
    static let sessions = #"""
        # Nothing of an account that enrolment made runs any longer, now or later. A container may use the same number: its
        # processes live in namespaces that root made. Those that a user makes for himself come with a user namespace.
        end_sessions() {
            noted "account $user" || { say "sessions of $user that are open stay open until they end"; return 0; }
            if command -v crontab >/dev/null 2>&1; then crontab -u "$user" -r >/dev/null 2>&1 || :; fi
            rm -f "/var/spool/cron/crontabs/$user" "/var/spool/cron/$user" "/etc/crontabs/$user"
            for job in /var/spool/cron/atjobs/* /var/spool/at/*; do
                if [ -f "$job" ] && [ "$(stat -c %u "$job" 2>/dev/null)" = "$uid" ]; then rm -f "$job"; fi
            done
            passes=0
            while end_once; do
                passes=$((passes + 1))
                [ "$passes" -lt 50 ] || die "something of $user keeps running; find and end it, then run this again"
            done
        }

        # True when something was there to end. What goes on starting others is stopped first, all of it.
        end_once() {
            found=
            if [ "$passes" -lt 5 ]; then signals=KILL; else signals='STOP KILL'; fi
            for signal in $signals; do
                for process in /proc/[0-9]*; do
                    status=$(sed -n -e 's/^State:[[:space:]]*\(.\).*/\1/p' \
                        -e 's/^Uid:[[:space:]]*\([0-9]*\).*/\1/p' "$process/status" 2>/dev/null | tr '\n' ' ') || continue
                    case $status in "Z "* | "X "*) continue ;; *" $uid ") ;; *) continue ;; esac
                    if [ "$(readlink "$process/ns/user")" = "$(readlink /proc/self/ns/user)" ]; then
                        same=1
                        for space in pid mnt; do
                            [ "$(readlink "$process/ns/$space")" = "$(readlink "/proc/self/ns/$space")" ] || same=
                        done
                        [ "$same" ] || continue
                    fi
                    case $signal$(tr '\0' ' ' <"$process/cmdline" 2>/dev/null) in
                    KILL*'jarvis-guard await '*)
                        say "a timed revert was waiting; it is given up, so look at what it would revert" ;;
                    esac
                    found=1
                    kill "-$signal" "${process#/proc/}" 2>/dev/null || :
                done
            done
            [ "$found" ]
        }
        """#

    /// The guard, and that it takes up its timed reverts after a restart of the machine.
    static let guardProgram = #"""
        guard_program() {
            program=/usr/local/sbin/jarvis-guard
            if [ ! -f "$here/jarvis-guard" ]; then
                [ -x "$program" ] || die "the guard is missing: put jarvis-guard beside this script (in $here)"
                say "the guard that is at $program stays"
                return 0
            fi
            for path in "$here" "$here/jarvis-guard"; do
                case $(ls -ldL "$path") in
                ????????w*) die "everybody may write to $path; put this script and jarvis-guard into a folder of your own" ;;
                esac
            done
            folder /usr/local/sbin
            begin "$program" 755
            cat "$here/jarvis-guard" >"$temporary"
            "$temporary" --help >/dev/null 2>&1 ||
                die "this jarvis-guard does not run here; build it on a machine of this kind ($(uname -m)): make guard"
            finish "$program"
        }

        guard_policy() {
            file=/etc/jarvis-guard/policy
            folder /etc/jarvis-guard
            begin "$file" 644
            policy >"$temporary"
            if [ -f "$file" ] && ! cmp -s "$file" "$temporary" && ! cmp -s "$file" "$notes_folder/policy"; then
                die "$file was written by hand: take what it says into the policy file of Jarvis, move it away, run this again"
            fi
            if ! answer=$("$program" check --policy "$temporary" 2>&1); then die "the guard refuses its policy: $answer"; fi
            finish "$file"
            # By this copy a file is known again as ours.
            cp "$file" "$notes_folder/policy"
            state=/var/lib/jarvis-guard
            [ ! -L "$state" ] || die "$state is a symbolic link; look who put it there"
            if [ ! -d "$state" ]; then
                note "tree $state"
                mkdir -m 700 "$state"
                chown "$uid:$gid" "$state"
            fi
        }

        guard_at_start() {
            if [ ! -d /run/systemd/system ]; then
                say "let the machine's start run, as $user: $program resume (each request does it, too)"
                return 0
            fi
            file=/etc/systemd/system/jarvis-guard-resume.service
            begin "$file" 644
            cat >"$temporary" <<END_OF_UNIT
        # Written by jarvis hosts enrol: timed reverts outlive a restart.
        [Unit]
        Description=Timed reverts of jarvis-guard
        [Service]
        Type=oneshot
        User=$user
        ExecStart=$program resume
        KillMode=process
        [Install]
        WantedBy=multi-user.target
        END_OF_UNIT
            finish "$file"
            link=/etc/systemd/system/multi-user.target.wants/jarvis-guard-resume.service
            folder "${link%/*}"
            [ -L "$link" ] || { note "link $link"; ln -s "$file" "$link"; }
            systemctl daemon-reload || say "systemctl daemon-reload failed; the unit counts from the next start on"
            # Only where logind ends what a session leaves behind.
            if [ "$(busctl get-property org.freedesktop.login1 /org/freedesktop/login1 \
                org.freedesktop.login1.Manager KillUserProcesses 2>/dev/null)" = 'b true' ] &&
                [ ! -e "/var/lib/systemd/linger/$user" ]; then
                note "linger $user"
                loginctl enable-linger "$user" || say "timed reverts need: loginctl enable-linger $user"
            fi
        }
        """#
}
