# Varnish in front of staticd, which has every file in br and gzip already.
#
# Start it with "-p http_gzip_support=off": else Varnish asks for gzip alone, and no browser gets br.
vcl 4.1;

backend staticd {
    .host = "127.0.0.1";
    .port = "8000";
}

sub vcl_recv {
    # Three variants of a file are all that there are. Without this each spelling of the field has its own.
    if (req.http.Accept-Encoding ~ "(?i)(^|,)\s*br\s*(;\s*q=(0\.\d*[1-9]\d*|1(\.0*)?)\s*)?(,|$)") {
        set req.http.Accept-Encoding = "br";
    } elsif (req.http.Accept-Encoding ~ "(?i)(^|,)\s*gzip\s*(;\s*q=(0\.\d*[1-9]\d*|1(\.0*)?)\s*)?(,|$)") {
        set req.http.Accept-Encoding = "gzip";
    } else {
        unset req.http.Accept-Encoding;
    }
    # A file does not depend on who asks. Varnish stores nothing for requests with a cookie.
    if (req.url ~ "^/static/") {
        unset req.http.Cookie;
    }
}

sub vcl_backend_response {
    # How long an outdated file may be sent is what --stale-while-revalidate says; 10 s without it.
    # What was answered with an error is asked for again at once.
    if (beresp.status >= 400) {
        set beresp.ttl = 0s;
        set beresp.grace = 0s;
        set beresp.uncacheable = true;
    }
}

sub vcl_deliver {
    # The tags are for this cache, and tell clients nothing.
    unset resp.http.Surrogate-Key;
}
