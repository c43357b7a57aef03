internal import Glibc
internal import Synchronization

/// Sends requests from any number of threads, over persistent connections.
///
/// There are as many connections as threads that send at the same time.
final class HTTPClient: Sendable {
  private let limits: ConnectionLimits
  private let idle = Mutex<[HTTPAddress: [HTTPConnection]]>([:])
  private let tls = Mutex<TLSContext?>(nil)

  init(_ limits: ConnectionLimits = ConnectionLimits()) {
    self.limits = limits
  }

  /// Sends one request and returns the response.
  ///
  /// The server may close an idle connection just when the request is sent. The request is then
  /// repeated on a new one (RFC 9112 §9.3.1): all requests here are idempotent.
  func send(
    _ request: HTTPRequest,
    to address: HTTPAddress
  ) throws(ConnectionFailure) -> HTTPResponse {
    if let connection = takeIdle(address) {
      do throws(ConnectionFailure) {
        return try exchange(request, connection, address)
      } catch {
        guard error.kind == .broken, error.isBeforeResponse else { throw error }
      }
    }
    return try exchange(request, try connect(address), address)
  }

  /// Sends one request, and repeats it while the server is unreachable or overloaded.
  func send(
    _ request: HTTPRequest,
    to address: HTTPAddress,
    _ policy: RetryPolicy
  ) throws(ConnectionFailure) -> HTTPResponse {
    var attempt = 1
    while true {
      let result: Result<HTTPResponse, ConnectionFailure>
      let outcome: RetryPolicy.Outcome
      do throws(ConnectionFailure) {
        let response = try send(request, to: address)
        result = .success(response)
        outcome = .response(
          status: response.status,
          code: "",
          retryAfterSeconds: response.retryAfterSeconds(at: Int64(time(nil)))
        )
      } catch {
        result = .failure(error)
        outcome = .failure(isTemporary: error.isTemporary)
      }
      let random = Double.random(in: 0..<1)
      guard let wait = policy.wait(after: outcome, attempt: attempt, random: random) else {
        return try result.get()
      }
      attempt += 1
      usleep(UInt32(wait) * 1000)
    }
  }

  private func exchange(
    _ request: HTTPRequest,
    _ connection: HTTPConnection,
    _ address: HTTPAddress
  ) throws(ConnectionFailure) -> HTTPResponse {
    let response = try connection.exchange(request)
    if connection.isReusable { idle.withLock { $0[address, default: []].append(connection) } }
    return response
  }

  private func connect(_ address: HTTPAddress) throws(ConnectionFailure) -> HTTPConnection {
    try HTTPConnection(address, address.isSecure ? try context() : nil, limits)
  }

  private func takeIdle(_ address: HTTPAddress) -> HTTPConnection? {
    while let connection = idle.withLock({ $0[address]?.popLast() }) {
      if !connection.isStale { return connection }
    }
    return nil
  }

  /// The context of all connections, created for the first one that needs it.
  private func context() throws(ConnectionFailure) -> TLSContext {
    try tls.withLock { (context) throws(ConnectionFailure) in
      if let context { return context }
      let made = try TLSContext()
      context = made
      return made
    }
  }
}
