#if NIO
  internal import NIOCore

  /// Whether the connection persists after a response, and the value of `Connection`.
  enum Persistence: Sendable {
    /// The connection persists, the default of HTTP/1.1.
    case goesOn
    /// The connection persists, which a response to HTTP/1.0 must state.
    case goesOnIn10
    /// The connection is closed after the response.
    case ends
    /// The channel is an HTTP/2 stream: it has one request, and ends when both sides have ended.
    case isStream

    /// The persistence that the client's request with `facts` allows.
    init(_ facts: RequestFacts, isStream: Bool) {
      guard !isStream else {
        self = .isStream
        return
      }
      self = !facts.keepsAlive ? .ends : facts.isVersion10 ? .goesOnIn10 : .goesOn
    }

    /// The same, but without further requests on the connection.
    var ending: Persistence { self == .isStream ? .isStream : .ends }

    /// The value of `Connection`; nil for none.
    ///
    /// Source: RFC 9112 §9.3, RFC 9113 §8.2.2.
    var field: String? {
      switch self {
      case .goesOn, .isStream: nil
      case .goesOnIn10: "keep-alive"
      case .ends: "close"
      }
    }
  }

  extension Channel {
    /// Whether this is an HTTP/2 stream: its parent is a connection, not a listener.
    var isStream: Bool { parent?.parent != nil }
  }
#endif
