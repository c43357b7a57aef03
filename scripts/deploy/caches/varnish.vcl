# Varnish in front of staticd, which already has every file in br and gzip.
#
# Start it with "-p http_gzip_support=off": otherwise Varnish requests only gzip, and browsers never get br.
vcl 4.1;

backend staticd {
    .host = "127.0.0.1";
    .port = "8000";
}

sub vcl_recv {
    # Reduces a file to three variants. Without this each spelling of the field has its own.
    if (req.http.Accept-Encoding ~ "(?i)(^|,)\s*br\s*(;\s*q=(0\.\d*[1-9]\d*|1(\.0*)?)\s*)?(,|$)") {
        set req.http.Accept-Encoding = "br";
    } elsif (req.http.Accept-Encoding ~ "(?i)(^|,)\s*gzip\s*(;\s*q=(0\.\d*[1-9]\d*|1(\.0*)?)\s*)?(,|$)") {
        set req.http.Accept-Encoding = "gzip";
    } else {
        unset req.http.Accept-Encoding;
    }
    # A file does not depend on the client. Varnish stores nothing for requests with a cookie.
    if (req.url ~ "^/static/") {
        unset req.http.Cookie;
    }
}

sub vcl_backend_response {
    # --stale-while-revalidate sets how long an outdated file may be sent; 10 s without it. Errors are not
    # stored.
    if (beresp.status >= 400) {
        set beresp.ttl = 0s;
        set beresp.grace = 0s;
        set beresp.uncacheable = true;
    }
}

sub vcl_deliver {
    # The tags are for this cache, and useless to clients.
    unset resp.http.Surrogate-Key;
}
