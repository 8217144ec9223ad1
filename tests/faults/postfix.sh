# shellcheck shell=bash
# A real mail server in the fault laboratory: Debian's Postfix, unpacked by
# tests/mailserver/fetch and never installed. It speaks STARTTLS on 587 and TLS from the
# first byte on 465 of the server's address, and offers AUTH inside TLS. It takes no mail,
# and runs no program that could send any. (Debian 12's OpenSMTPD ends every handshake of TLS
# with an error: https://github.com/OpenSMTPD/OpenSMTPD/issues/1171.)
#
# To source after lib.sh. What it writes goes into memory, in the laboratory's own /run.

postfix_packed=$here/../../build/mailserver/postfix
postfix_root=/run/postfix
postfix_log=$postfix_root/var/log/mail.log
postfix_auth=12345

# Before the laboratory is entered, where there is no way out to fetch anything.
fetch_postfix() {
    [ "${1-}" = --inside ] || "$here/../mailserver/fetch" postfix ||
        echo "$script: goes on without a real mail server" >&2
}

# Its users: a user namespace may have but one.
write_postfix_users() {
    printf '%s\n' root:x:0:0::/: postfix:x:71:71::/: nobody:x:65534:65534::/: >etc/passwd
    printf '%s\n' root:x:0: postfix:x:71: postdrop:x:72: nogroup:x:65534: >etc/group
    if setpriv --reuid 71 --clear-groups true 2>/dev/null; then
        chown 71 var/lib/postfix var/spool/postfix/{private,public}
    else
        echo /lib/oneuser.so >etc/ld.so.preload
    fi
}

write_postfix_settings() { # write_postfix_settings CERTIFICATE
    install -m 600 "$1" etc/postfix/certificate.pem
    cat >etc/postfix/main.cf <<END
compatibility_level = 3.6
maillog_file = ${postfix_log#"$postfix_root"}
myhostname = mail.test
mynetworks =
local_recipient_maps =
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_relay_restrictions = reject
smtpd_tls_security_level = may
smtpd_tls_cert_file = /etc/postfix/certificate.pem
smtpd_tls_loglevel = 1
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:$postfix_auth
END
    cat >etc/postfix/master.cf <<END
$server:587 inet n - n - - smtpd
$server:465 inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
tlsmgr unix - - n - 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
END
}

# The unpacked tree as it is, with a configuration and a queue that are gone with the laboratory.
mount_postfix() { # mount_postfix CERTIFICATE
    local part
    mkdir $postfix_root
    mount --bind "$postfix_packed" $postfix_root
    for part in etc var; do mount -t tmpfs none $postfix_root/$part; done
    mount --rbind /dev $postfix_root/dev
    (
        cd $postfix_root
        mkdir -p etc/postfix var/lib/postfix var/log var/spool/postfix/{pid,private,public}
        write_postfix_users
        write_postfix_settings "$1"
    )
}

postfix_logs() { # postfix_logs PATTERN TIMES: once it has, in 10 seconds at most
    grep -qm "$2" -- "$1" < <(timeout 10 tail -n +1 -F $postfix_log 2>/dev/null)
}

# serve_postfix CERTIFICATE: it, and who knows its passwords, once they can be reached.
serve_postfix() {
    [ -d $postfix_root ] || mount_postfix "$1"
    rm -f $postfix_log
    serve server talk 127.0.0.1 $postfix_auth passwords
    ip netns exec server setpriv --pdeathsig TERM \
        chroot $postfix_root /usr/lib/postfix/sbin/master -s &
    servers+=($!)
    postfix_logs 'daemon started' 1 || {
        cat $postfix_log >&2
        exit 1
    }
}

# What its log says of the client, once the sessions of the verdict and of digging deeper
# have ended: the commands of each, the version of TLS, and all that it complains of.
postfix_saw() {
    postfix_logs ' disconnect from' 2 || true
    sed -nE '/ postfix\/smtpd\[/!d; s/.* disconnect from [^ ]+ //p
        s/.* TLS connection established from [^ ]+: ([^ ]+) .*/\1/p
        s/.*\]: ((warning|error|fatal|panic): .*)/\1/p' $postfix_log | LC_ALL=C sort | paste -sd ' '
}
