#if NIO
  internal import NIOCore

  /// What becomes of a channel after a response, and what the response says of it.
  enum Persistence: Sendable {
    /// The connection goes on, as is usual in HTTP/1.1.
    case goesOn
    /// The connection goes on, which HTTP/1.0 has to be told.
    case goesOnIn10
    /// The connection is closed behind the response.
    case ends
    /// The channel is a stream of HTTP/2: it has one request, and ends with both sides.
    case isStream

    /// After the request with `facts`, by the side of the client.
    init(_ facts: RequestFacts, isStream: Bool) {
      guard !isStream else {
        self = .isStream
        return
      }
      self = !facts.keepsAlive ? .ends : facts.isVersion10 ? .goesOnIn10 : .goesOn
    }

    /// The same if nothing may follow the response.
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
    /// Whether this is a stream in a connection, as HTTP/2 has them: its parent is no listener.
    var isStream: Bool { parent?.parent != nil }
  }
#endif
