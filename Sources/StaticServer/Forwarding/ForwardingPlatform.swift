/// A hosting platform whose router stands in front of every request.
///
/// Each documents which fields its router sets or removes; only those are trusted, because the others
/// come from the client.
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

  /// The platform that the process runs on, by the variable that each sets; nil on none.
  ///
  /// - Parameter variable: the value of a variable of the environment.
  public init?(environment variable: (String) -> String?) {
    let found = Self.allCases.first { variable($0.variable)?.isEmpty == false }
    guard let found else { return nil }
    self = found
  }

  /// The environment variable by which it is recognised.
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

  /// Its name.
  public var description: String { rawValue }

  /// The fields that its router sets.
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

  /// The field in which its router tells the client's address; nil where that is the last entry of
  /// `X-Forwarded-For`.
  var clientField: StaticString? {
    switch self {
    case .fly: "fly-client-ip"
    // Set by Cloudflare, through which every request comes.
    case .render: "cf-connecting-ip"
    case .railway: "x-real-ip"
    case .appEngine: "x-appengine-user-ip"
    case .heroku, .cloudRun, .azure: nil
    }
  }

  /// Whether its router sets the field whose name is in `name` itself, or removes the client's.
  ///
  /// `X-Goog-IAP-JWT-Assertion` is signed for the app; the other fields of Google's IAP are as the client
  /// sent them where IAP is off.
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
