internal import CLinux
internal import Glibc
internal import StaticAssets

/// A blocking connection to a server, plain or with TLS.
///
/// Used by one thread at a time.
final class ByteStream {
  private let socket: Descriptor
  private let session: TLSSession?

  /// Connects to `address`; with TLS, verifies the server's certificate.
  init(
    _ address: HTTPAddress,
    _ tls: TLSContext?,
    _ limits: ConnectionLimits
  ) throws(ConnectionFailure) {
    socket = try SocketConnector.connect(address, limits)
    guard address.isSecure else {
      session = nil
      return
    }
    guard let tls else { preconditionFailure("a context is made for addresses that need one") }
    session = try TLSSession(tls, socket.number, host: address.host)
  }

  /// Sends all of `bytes`.
  func send(_ bytes: [UInt8]) throws(ConnectionFailure) {
    if let session { return try session.send(bytes) }
    var sent = 0
    while sent < bytes.count {
      let result = unsafe bytes.withUnsafeBytes { buffer in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[sent...])
        return unsafe clinux_send(socket.number, rest.baseAddress, rest.count, 0)
      }
      if result == -Int(EINTR) { continue }
      guard result > 0 else { throw Self.failure("send", Int32(-result)) }
      sent += result
    }
  }

  /// The next bytes, at most `byteCountMax`; none at the end of the stream.
  func receive(_ byteCountMax: Int) throws(ConnectionFailure) -> [UInt8] {
    if let session { return try session.receive(byteCountMax) }
    var result = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: byteCountMax) { buffer, count in
      repeat {
        unsafe result = clinux_receive(socket.number, buffer.baseAddress, byteCountMax)
      } while result == -Int(EINTR)
      count = max(0, result)
    }
    guard result >= 0 else { throw Self.failure("receive", Int32(-result)) }
    return bytes
  }

  /// Whether the server has sent something or closed since the last response, so that another
  /// request would fail.
  var isStale: Bool { clinux_peek(socket.number) != -Int(EAGAIN) }

  static func failure(_ operation: String, _ code: Int32) -> ConnectionFailure {
    if code == EAGAIN || code == ETIMEDOUT {
      return ConnectionFailure(kind: .timeout, text: "no answer in time")
    }
    let text = FileError.text(of: code)
    return ConnectionFailure(kind: .broken, text: "cannot \(operation): \(text)")
  }
}
