/// The request fields that a client must not set, each with its source.
///
/// The last part has every documented field in which a platform, a content delivery network, a load
/// balancer or an authenticating proxy reports the client's address, scheme, host, port, path
/// prefix, certificate or user to an app. A prefix stands for all names of a vendor that begin with
/// it. Fields that clients send themselves are not listed: credentials (`Authorization`,
/// `X-Auth-Token`, `X-Api-Key`, `X-Amz-Security-Token`), traces (`Traceparent`, `X-Amzn-Trace-Id`),
/// storage protocols (`X-Amz-Date`, `X-Ms-Date`, `X-Goog-Meta-*`), and generic names that no
/// product documents as its own (`X-User`, `X-Email`).
extension RequestFieldTable {
  static let groups = connectionGroups + viewGroups + schemeGroups + addressGroups + userGroups

  private static let connectionGroups = [
    Group(.connection, "RFC 9110 §7.6.1", ["connection"]),
    Group(.via, "RFC 9110 §7.6.3", ["via"]),
    Group(
      .connectionSpecific,
      "RFC 9110 §7.6.1, §7.2, §10.1.1; RFC 9112 §6; RFC 9113 §8.2.2; RFC 7540 §3.2.1",
      [
        "content-length", "expect", "host", "http2-settings", "keep-alive", "proxy-connection",
        "te",
        "trailer", "transfer-encoding", "upgrade",
      ]
    ),
    Group(
      .connectionSpecific,
      "RFC 9110 §11.7: credentials for a proxy, not for the app",
      ["proxy-authenticate", "proxy-authorization"]
    ),
    // A CGI script would see it as the environment variable HTTP_PROXY.
    Group(.connectionSpecific, "CVE-2016-5385", ["proxy"]),
  ]

  /// Fields that this server writes itself.
  private static let viewGroups = [
    Group(.claim(.forwardedFor), "de facto", ["x-forwarded-for"]),
    Group(.claim(.forwardedProto), "de facto", ["x-forwarded-proto"]),
    Group(.claim(.forwardedHost), "de facto", ["x-forwarded-host"]),
    Group(.claim(.forwardedPort), "de facto", ["x-forwarded-port"]),
    Group(.claim(.forwarded), "RFC 7239", ["forwarded"]),
    Group(
      .claim(.realIP),
      "https://nginx.org/en/docs/http/ngx_http_realip_module.html",
      ["x-real-ip"]
    ),
    Group(
      .claim(.requestID),
      "https://devcenter.heroku.com/articles/http-request-id",
      ["x-request-id"]
    ),
    Group(
      .claim(.requestStart),
      "https://devcenter.heroku.com/articles/http-routing",
      ["x-request-start"]
    ),
  ]

  /// Other fields for the scheme; `SchemeSpelling` describes their values.
  private static let schemeGroups = [
    Group(
      .claim(.scheme(.onOff)),
      "gunicorn secure_scheme_headers; Rack::Request#scheme; Microsoft KB 307347 (Front-End-Https)",
      ["front-end-https", "https", "x-forwarded-https", "x-forwarded-ssl", "x-https"]
    ),
    Group(.claim(.scheme(.ssl)), "gunicorn secure_scheme_headers", ["x-forwarded-protocol"]),
    Group(
      .claim(.scheme(.name)),
      "Rack::Request#scheme; ingress-nginx; Flask's and AWS's examples",
      ["x-forwarded-scheme", "x-scheme", "x-url-scheme"]
    ),
    Group(
      .claim(.scheme(.edge)),
      "https://docs.oracle.com/iaas/Content/Balance/Reference/httpheaders.htm",
      ["is-ssl"]
    ),
    Group(
      .claim(.scheme(.edge)),
      "https://docs.aws.amazon.com/AmazonCloudFront/: adding-cloudfront-headers",
      ["cloudfront-forwarded-proto"]
    ),
    Group(
      .claim(.scheme(.edge)),
      "https://developers.cloudflare.com/fundamentals/reference/http-headers/",
      ["cf-visitor"]
    ),
    Group(
      .claim(.scheme(.edge)),
      "https://www.fastly.com/documentation/reference/http/http-headers/Fastly-SSL/",
      ["fastly-ssl"]
    ),
    Group(
      .claim(.scheme(.edge)),
      "https://cloud.google.com/appengine/docs/standard/reference/request-headers",
      ["x-appengine-https"]
    ),
    Group(
      .claim(.scheme(.edge)),
      "https://docs.upsun.com/development/headers.html",
      ["x-client-ssl"]
    ),
    Group(
      .claim(.scheme(.edge)),
      "WebLogic proxy plug-in",
      ["wl-proxy-ssl"]
    ),
  ]

  /// Address, host, port, prefix and certificate; also location and similar fields of the same
  /// vendors.
  private static let addressGroups = [
    Group(
      .claim(.other),
      "de facto, RFC 7239 §1",
      ["forwarded-*", "x-forward-*", "x-forwarded*", "z-forwarded-for"]
    ),
    Group(
      .claim(.other),
      "nginx, HAProxy and ingress-nginx examples",
      [
        "real-ip", "x-real-host", "x-real-port", "x-real-proto", "x-real-scheme", "x-host",
        "x-http-host-override", "x-path-info", "x-script-name", "path-info", "script-name",
      ]
    ),
    Group(
      .claim(.other),
      "RFC 9440; HAProxy, nginx and ingress-nginx examples; Google Cloud mutual TLS",
      [
        "client-cert", "client-cert-chain", "ssl-*", "tls-client-*", "x-client-cert*",
        "x-client-dn",
        "x-client-verify", "x-ssl", "x-ssl-*", "x-tls-client-*",
      ]
    ),
    Group(
      .claim(.other),
      "load balancers of Rackspace, Riverbed, F5, Citrix, IBM and others",
      [
        "client-ip", "cluster-client-ip", "true-client-ip", "x-client-ip", "x-client-port",
        "x-clientip", "x-cluster-client-ip", "x-originating-ip", "x-true-client-ip", "x-true-ip",
      ]
    ),
    Group(
      .claim(.other),
      "IIS URL Rewrite; ASP.NET Core; Azure Application Gateway",
      ["ms-aspnetcore-*", "x-original-*", "x-rewrite-url"]
    ),
    Group(.claim(.other), "https://docs.upsun.com/development/headers.html", ["x-original-route"]),
    Group(
      .claim(.other),
      "nginx: X-Accel; Rack::Sendfile",
      ["x-accel-*", "x-sendfile-type"]
    ),
    Group(
      .claim(.other),
      "https://docs.newrelic.com/: request-queuing-server-configuration-examples",
      ["x-queue-start"]
    ),
    Group(.claim(.other), "Google: requests that its services proxy", ["x-proxyuser-ip"]),
    Group(
      .claim(.other),
      "https://nifi.apache.org/nifi-docs/administration-guide.html#proxy_configuration",
      [
        "x-proxied*", "x-proxyscheme", "x-proxyhost", "x-proxyport", "x-proxycontextpath",
        "x-proxypath",
      ]
    ),
    Group(
      .claim(.other),
      "WebLogic proxy plug-in",
      ["proxy-client-ip", "wl-proxy-*", "x-weblogic-*"]
    ),
    Group(
      .claim(.other),
      "https://developers.cloudflare.com/fundamentals/reference/http-headers/; Cloudflare Access",
      ["cf-*"]
    ),
    Group(
      .claim(.other),
      "https://docs.aws.amazon.com/AmazonCloudFront/: adding-cloudfront-headers",
      ["cloudfront-*", "x-amz-cf-*"]
    ),
    // A trace identifier comes from the caller, as `Traceparent` does.
    Group(
      .ordinary,
      "https://docs.aws.amazon.com/xray/: xray-concepts-tracingheader",
      ["x-amzn-trace-id"]
    ),
    Group(
      .claim(.other),
      "https://docs.aws.amazon.com/elasticloadbalancing/: users, mutual TLS; Lambda Web Adapter",
      ["x-amzn-*"]
    ),
    Group(
      .claim(.other),
      "https://techdocs.akamai.com/property-mgr/docs/origin-server (True-Client-IP); EdgeScape",
      ["akamai-*", "x-akamai-*"]
    ),
    Group(
      .claim(.other),
      "https://www.fastly.com/documentation/reference/http/http-headers/",
      ["fastly-*"]
    ),
    Group(.claim(.other), "https://fly.io/docs/networking/request-headers/", ["fly-*"]),
    Group(
      .claim(.other),
      "https://docs.digitalocean.com/products/app-platform/",
      ["do-connecting-ip"]
    ),
    Group(
      .claim(.other),
      "https://ddos-guard.net/en/info/blog-detail/ddg-connecting-country",
      ["ddg-connecting-*"]
    ),
    Group(
      .claim(.other),
      "https://www.arvancloud.ir/help/fa/webserver-real-ip-logging",
      ["ar-real-*"]
    ),
    Group(
      .claim(.other),
      "https://learn.microsoft.com/azure/frontdoor/front-door-http-headers-protocol",
      ["x-azure-*", "x-fd-*"]
    ),
    Group(
      .claim(.other),
      "https://learn.microsoft.com/azure/app-service/configure-common; Application Request Routing",
      [
        "disguised-host", "was-default-hostname", "x-appservice-proto", "x-arr-*",
        "x-site-deployment-id",
        "x-waws-*",
      ]
    ),
    Group(
      .claim(.other),
      "https://cloud.google.com/appengine/docs/standard/reference/request-headers",
      ["x-appengine-*"]
    ),
    Group(
      .claim(.other),
      "https://firebase.google.com/docs/hosting/: what its CDN tells a function",
      ["x-fh-requested-host"]
    ),
    Group(.claim(.other), "https://vercel.com/docs/headers/request-headers", ["x-vercel-*"]),
    Group(.claim(.other), "https://docs.netlify.com/: x-nf-client-connection-ip", ["x-nf-*"]),
    Group(.claim(.other), "https://docs.railway.com/reference/public-networking", ["x-railway-*"]),
    Group(.claim(.other), "https://devcenter.heroku.com/articles/http-routing", ["x-heroku-*"]),
    Group(
      .claim(.other),
      "https://docs.cloudfoundry.org/concepts/http-routing.html; route services",
      ["x-cf-*"]
    ),
    Group(
      .claim(.other),
      "https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers",
      ["x-envoy-*"]
    ),
    Group(.claim(.other), "https://doc.traefik.io/traefik/: ReplacePath", ["x-replaced-path"]),
    Group(.claim(.other), "https://docs.imperva.com/: the client's address", ["incap-*"]),
    Group(.claim(.other), "https://docs.sucuri.net/website-firewall/", ["x-sucuri-*"]),
    Group(.claim(.other), "https://bunny.net/: what its CDN sends to the origin", ["cdn-request*"]),
    Group(
      .claim(.other),
      "https://www.alibabacloud.com/help/en/cdn/: the client's address",
      ["ali-*", "cdn-src-ip"]
    ),
    Group(.claim(.other), "https://edgeone.ai/document/54211", ["eo-*"]),
    Group(
      .claim(.other),
      "https://developers.home-assistant.io/docs/add-ons/presentation: ingress",
      ["x-hass-*", "x-ingress-path"]
    ),
  ]

  /// The user, as authenticating proxies report it.
  private static let userGroups = [
    Group(
      .claim(.other),
      "REMOTE_USER of RFC 3875 as a field; Authelia; Kubernetes' front proxy",
      ["remote-*", "x-remote-*"]
    ),
    Group(.claim(.other), "https://oauth2-proxy.github.io/oauth2-proxy/", ["x-auth-request-*"]),
    Group(
      .claim(.other),
      "Louketo (Keycloak Gatekeeper); its X-Auth-Token is what clients send elsewhere, and passes",
      [
        "x-auth-audience", "x-auth-email", "x-auth-expiresin", "x-auth-family-name",
        "x-auth-given-name", "x-auth-groups", "x-auth-roles", "x-auth-subject",
        "x-auth-userid", "x-auth-username",
      ]
    ),
    Group(
      .claim(.other),
      "https://docs.djangoproject.com/en/stable/howto/auth-remote-user/: RemoteUserMiddleware.header",
      ["authuser"]
    ),
    Group(
      .claim(.other),
      "https://doc.traefik.io/traefik/middlewares/http/forwardauth/: authResponseHeaders",
      ["x-auth-user"]
    ),
    Group(
      .claim(.other),
      "https://docs.authcrunch.com/: headers with claims",
      ["x-token-subject", "x-token-user-*"]
    ),
    Group(.claim(.other), "https://docs.goauthentik.io/docs/providers/proxy", ["x-authentik-*"]),
    Group(.claim(.other), "https://www.pomerium.com/docs/: identity", ["x-pomerium-*"]),
    Group(.claim(.other), "https://github.com/vouch/vouch-proxy", ["x-vouch-*"]),
    Group(.claim(.other), "https://tailscale.com/kb/1312/serve: identity headers", ["tailscale-*"]),
    Group(.claim(.other), "https://goteleport.com/docs/: JWT for applications", ["teleport-*"]),
    Group(.claim(.other), "https://ngrok.com/docs/: OAuth and OpenID Connect", ["ngrok-auth-*"]),
    Group(
      .claim(.other),
      "https://grafana.com/docs/grafana/: auth proxy; Gitea: reverse proxy",
      ["x-webauth-*"]
    ),
    Group(
      .claim(.other),
      "https://cloud.google.com/iap/docs/identity-howto",
      ["x-goog-authenticated-user-*", "x-goog-iap-*"]
    ),
    Group(
      .claim(.other),
      "https://cloud.google.com/endpoints/docs/; API Gateway",
      ["x-apigateway-api-userinfo", "x-endpoint-api-*"]
    ),
    Group(
      .claim(.other),
      "https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities",
      ["x-ms-auth-*", "x-ms-client-principal*", "x-ms-containerapp-*", "x-ms-token-*"]
    ),
    Group(
      .claim(.other),
      "https://learn.microsoft.com/: Web Application Proxy and AD FS",
      [
        "x-ms-adfs-*", "x-ms-client-ip*", "x-ms-endpoint-absolute-path", "x-ms-forwarded-*",
        "x-ms-proxy",
      ]
    ),
    Group(
      .claim(.other),
      "https://docs.konghq.com/: authentication plugins; Apache APISIX",
      [
        "x-anonymous-consumer", "x-authenticated-*", "x-consumer-custom-id", "x-consumer-groups",
        "x-consumer-id", "x-consumer-username", "x-credential-identifier", "x-credential-username",
        "x-id-token", "x-userinfo",
      ]
    ),
    Group(.claim(.other), "https://apim.docs.wso2.com/: backend JWT", ["x-jwt-assertion"]),
    Group(
      .claim(.other),
      "mod_auth_openidc, mod_auth_mellon, mod_auth_cas, Shibboleth with ShibUseHeaders",
      [
        "affiliation", "cas-*", "entitlement", "eppn", "mellon-*", "oidc-*", "pairwise-id",
        "persistent-id", "shib-*",
        "subject-id", "targeted-id", "unscoped-affiliation",
      ]
    ),
    Group(
      .claim(.other),
      "https://lemonldap-ng.org/documentation/latest/writingrulesand_headers.html",
      ["auth-cn", "auth-groups", "auth-mail", "auth-user"]
    ),
    Group(.claim(.other), "IBM Verify Access (WebSEAL): HTTP header variables", ["iv-*"]),
    Group(.claim(.other), "Symantec SiteMinder: default HTTP headers", ["sm-*", "smuser"]),
    Group(.claim(.other), "Oracle Access Manager and Single Sign-On", ["oam-*", "osso-*"]),
    Group(.claim(.other), "https://linkerd.io/: identity of the peer", ["l5d-*"]),
    Group(
      .claim(.other),
      "https://docs.posit.co/connect/: credentials of the user",
      ["posit-connect-*", "rstudio-connect-*", "x-rstudio-*"]
    ),
    Group(.claim(.other), "https://docs.snowflake.com/: Container Services", ["sf-context-*"]),
    Group(.claim(.other), "https://docs.sandstorm.io/: headers of an app", ["x-sandstorm-*"]),
    Group(.claim(.other), "https://doc.yunohost.org/: single sign-on", ["ynh-*"]),
    Group(
      .claim(.other),
      "https://www.kubeflow.org/docs/: profiles and namespaces",
      ["kubeflow-*"]
    ),
    Group(.claim(.other), "https://docs.replit.com/: Replit Auth", ["x-replit-user-*"]),
    Group(
      .claim(.other),
      "https://docs.rapidapi.com/: headers sent by RapidAPI; Mashery: headers of a call",
      ["x-mashery-*", "x-rapidapi-user"]
    ),
    Group(.claim(.other), "HCL Domino: HTTPEnableConnectorHeaders", ["domino-*"]),
  ]
}
