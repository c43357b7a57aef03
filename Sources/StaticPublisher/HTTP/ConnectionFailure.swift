/// Why there is no response: an error of the network or of TLS, not an HTTP status.
struct ConnectionFailure: Error, Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    /// The name has no address.
    case unknownHost
    /// There is no response, or it stops.
    case timeout
    /// The connection is refused, reset or closed early.
    case broken
    /// The certificate is not accepted, or the handshake fails.
    case tls
    /// The response is not HTTP.
    case malformed
    /// The file to be sent cannot be read, or has changed meanwhile.
    case file
  }

  let kind: Kind
  /// A short description.
  let text: String
  /// Whether it occurred before the head of the response was complete: the server may just have
  /// closed an idle connection.
  var isBeforeResponse = true

  /// Whether a retry may help.
  var isTemporary: Bool {
    switch kind {
    case .timeout, .broken, .malformed: true
    // EAI_AGAIN, a temporary failure of the resolver, is a timeout.
    case .unknownHost, .tls, .file: false
    }
  }
}
