/// Why there is no response: of the network or of TLS, never of HTTP.
struct ConnectionFailure: Error, Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    /// The name has no address.
    case unknownHost
    /// Nobody answers, or the answer stops.
    case timeout
    /// The connection is refused, reset or closed early.
    case broken
    /// The certificate or the handshake.
    case tls
    /// What came is no HTTP.
    case malformed
    /// The file to be sent cannot be read, or has changed meanwhile.
    case file
  }

  let kind: Kind
  /// What has happened, in a few words.
  let text: String
  /// Whether the server has sent nothing: a connection that was kept open may have been closed
  /// just then.
  var isBeforeResponse = true

  /// Whether another try may help.
  var isTemporary: Bool {
    switch kind {
    case .timeout, .broken, .malformed: true
    // A resolver that has no answer now, EAI_AGAIN, is a timeout.
    case .unknownHost, .tls, .file: false
    }
  }
}
