/// A hosting platform that receives every request with its own router.
///
/// Each platform documents the fields that its router sets or removes. Only those are trusted; the
/// client can set the others.
public enum ForwardingPlatform: String, CaseIterable, Sendable, CustomStringConvertible {
  /// Heroku.
  case heroku = "Heroku"
  /// Render.
  case render = "Render"
  /// Fly.io.
  case fly = "Fly.io"
  /// Railway.
  case railway = "Railway"
  /// Google Cloud Run.
  case cloudRun = "Cloud Run"
  /// Google App Engine.
  case appEngine = "App Engine"
  /// Azure App Service.
  case azure = "Azure App Service"

  /// The platform of this process, recognised by an environment variable; nil if there is none.
  ///
  /// - Parameter variable: returns the value of an environment variable.
  public init?(environment variable: (String) -> String?) {
    let found = Self.allCases.first { variable($0.variable)?.isEmpty == false }
    guard let found else { return nil }
    self = found
  }

  /// The environment variable that identifies the platform.
  public var variable: String {
    switch self {
    case .heroku: "DYNO"
    case .render: "RENDER"
    case .fly: "FLY_APP_NAME"
    case .railway: "RAILWAY_ENVIRONMENT_ID"
    case .cloudRun: "K_SERVICE"
    case .appEngine: "GAE_APPLICATION"
    case .azure: "WEBSITE_SITE_NAME"
    }
  }

  /// The name of the platform.
  public var description: String { rawValue }

  /// The fields that the platform's router sets.
  var claims: BelievedClaims {
    switch self {
    case .heroku:
      [.forwardedFor, .forwardedProto, .forwardedPort, .requestID, .requestStart]
    case .render: [.forwardedFor, .forwardedProto]
    case .fly: [.forwardedFor, .forwardedProto, .forwardedPort, .requestStart]
    case .railway: [.forwardedProto, .forwardedHost, .requestStart]
    case .cloudRun, .appEngine: [.forwardedFor, .forwardedProto]
    case .azure: [.forwardedFor, .forwardedProto]
    }
  }

  /// The field with the client's address; nil if that is the last entry of `X-Forwarded-For`.
  var clientField: StaticString? {
    switch self {
    case .fly: "fly-client-ip"
    // Cloudflare sets it, and every request passes through Cloudflare.
    case .render: "cf-connecting-ip"
    case .railway: "x-real-ip"
    case .appEngine: "x-appengine-user-ip"
    case .heroku, .cloudRun, .azure: nil
    }
  }

  /// Whether the platform's router sets the field in `name`, or removes it from client requests.
  ///
  /// `X-Goog-IAP-JWT-Assertion` is signed, so the app can verify it. If IAP is off, the other
  /// fields of Google's IAP come from the client.
  func owns(_ name: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    switch self {
    case .fly: bytes.hasName("fly-", in: name)
    case .railway: bytes.hasName("x-railway-", in: name)
    case .appEngine:
      bytes.hasName("x-appengine-", in: name) || bytes.hasName("x-goog-iap-", in: name)
    case .cloudRun: bytes.hasName("x-goog-iap-", in: name)
    case .azure:
      bytes.hasName("x-arr-", in: name) || bytes.hasName("x-ms-client-principal", in: name)
        || bytes.hasName("x-ms-token-", in: name)
    case .heroku, .render: false
    }
  }
}
