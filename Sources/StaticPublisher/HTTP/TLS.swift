internal import CSSL
internal import Glibc
internal import StaticAssets
internal import StaticCollector

/// The TLS context of all connections, with the trusted certificate authorities.
///
/// It is only read after `init`, which OpenSSL allows from all threads.
@safe final class TLSContext: @unchecked Sendable {
  fileprivate let context: OpaquePointer

  /// Where distributions store the certificates of authorities; a static executable has no default
  /// location.
  private static let systemFiles: [BytePath] = [
    "/etc/ssl/certs/ca-certificates.crt",  // Debian, Alpine
    "/etc/pki/tls/certs/ca-bundle.crt",  // Fedora, RHEL
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",  // SUSE
    "/etc/ssl/cert.pem",
  ]
  private static let systemDirectory: BytePath = "/etc/ssl/certs"

  /// Trusts the authorities of AWS_CA_BUNDLE, else of SSL_CERT_FILE and SSL_CERT_DIR, else the
  /// system's.
  ///
  /// From now on this process ignores SIGPIPE: OpenSSL may write to closed sockets.
  init() throws(ConnectionFailure) {
    signal(SIGPIPE, SIG_IGN)
    guard let context = unsafe cssl_client_context() else {
      throw ConnectionFailure(kind: .tls, text: "TLS cannot be set up")
    }
    unsafe self.context = context
    let bundle = Environment.path("AWS_CA_BUNDLE")
    let (file, directory) =
      bundle.map { ($0, nil) }
      ?? (Environment.path("SSL_CERT_FILE"), Environment.path("SSL_CERT_DIR"))
    if file != nil || directory != nil {
      guard trust(file, directory) else {
        let place = file ?? directory ?? ""
        throw ConnectionFailure(
          kind: .tls,
          text: "'\(place)' has no certificates of authorities; see AWS_CA_BUNDLE and SSL_CERT_FILE"
        )
      }
      return
    }
    if let file = Self.systemFiles.first(where: Self.isReadable),
      trust(file, nil)
    {
      return
    }
    guard Self.isReadable(Self.systemDirectory), trust(nil, Self.systemDirectory) else {
      throw ConnectionFailure(
        kind: .tls,
        text: "the system has no certificates of authorities; "
          + "install ca-certificates, or name a file with SSL_CERT_FILE"
      )
    }
  }

  deinit { unsafe SSL_CTX_free(context) }

  private static func isReadable(_ path: BytePath) -> Bool {
    unsafe path.withCString { unsafe access($0, R_OK) } == 0
  }

  private func trust(_ file: BytePath?, _ directory: BytePath?) -> Bool {
    // OpenSSL takes the bytes of a path as they are.
    let file = file.map(Self.text)
    let directory = directory.map(Self.text)
    return unsafe SSL_CTX_load_verify_locations(context, file, directory) == 1
  }

  /// The bytes of a path with a NUL at their end.
  private static func text(_ path: BytePath) -> [CChar] {
    path.bytes.map { CChar(bitPattern: $0) } + [0]
  }
}

/// A TLS connection on a connected socket, which it does not own.
@safe final class TLSSession {
  private let session: OpaquePointer
  /// Whether the handshake is done.
  private var isEstablished = false

  /// Performs the handshake, and verifies the certificate for `host`.
  init(
    _ context: TLSContext,
    _ socket: Int32,
    host: String
  ) throws(ConnectionFailure) {
    guard let session = unsafe SSL_new(context.context) else {
      throw ConnectionFailure(kind: .tls, text: "no memory for TLS")
    }
    unsafe self.session = session
    var address = in6_addr()
    let isAddress =
      unsafe inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1
    guard unsafe cssl_expect_host(session, host, isAddress ? 1 : 0) == 1,
      unsafe SSL_set_fd(session, socket) == 1
    else { throw ConnectionFailure(kind: .tls, text: "'\(host)' is no name for TLS") }
    var result: Int32
    repeat {
      errno = 0
      result = unsafe SSL_connect(session)
    } while wasInterrupted(result)
    guard result == 1 else { throw handshakeFailure(result, host) }
    isEstablished = true
  }

  deinit { unsafe SSL_free(session) }

  func send(_ bytes: [UInt8]) throws(ConnectionFailure) {
    guard !bytes.isEmpty else { return }
    var sent = 0
    var result: Int32
    repeat {
      errno = 0
      // OpenSSL requires the same bytes when a write is repeated.
      result = unsafe bytes.withUnsafeBytes {
        unsafe SSL_write_ex(session, $0.baseAddress, $0.count, &sent)
      }
    } while wasInterrupted(result)
    guard result == 1 else { throw failure("send", result) }
  }

  /// The next bytes, at most `byteCountMax`; none at the end of the stream.
  func receive(_ byteCountMax: Int) throws(ConnectionFailure) -> [UInt8] {
    var received = 0
    var result: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: byteCountMax) { buffer, count in
      repeat {
        errno = 0
        unsafe result = SSL_read_ex(session, buffer.baseAddress, byteCountMax, &received)
      } while wasInterrupted(result)
      count = result == 1 ? received : 0
    }
    if result != 1, unsafe SSL_get_error(session, result) != SSL_ERROR_ZERO_RETURN {
      throw failure("receive", result)
    }
    return bytes
  }

  /// Whether to repeat a call: a signal interrupted it, for example after the process was stopped.
  private func wasInterrupted(_ result: Int32) -> Bool {
    guard result != 1, errno == EINTR else { return false }
    let kind = unsafe SSL_get_error(session, result)
    return kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE
  }

  private func handshakeFailure(_ result: Int32, _ host: String) -> ConnectionFailure {
    let verification = unsafe SSL_get_verify_result(session)
    if verification != Int(X509_V_OK) {
      let reason = unsafe String(cString: X509_verify_cert_error_string(verification))
      ERR_clear_error()
      return ConnectionFailure(
        kind: .tls,
        text: "the certificate of '\(host)' is not accepted: \(reason)"
      )
    }
    return failure("do the TLS handshake", result)
  }

  private func failure(_ operation: String, _ result: Int32) -> ConnectionFailure {
    let number = errno
    let kind = unsafe SSL_get_error(session, result)
    defer { ERR_clear_error() }
    // The time-out of the socket has expired.
    if kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE {
      return ByteStream.failure(operation, EAGAIN)
    }
    if kind == SSL_ERROR_SYSCALL {
      return ByteStream.failure(operation, number == 0 ? ECONNRESET : number)
    }
    let code = ERR_peek_error()
    guard kind != SSL_ERROR_ZERO_RETURN, code != 0 else {
      return ConnectionFailure(kind: .broken, text: "cannot \(operation): the server has closed")
    }
    let reason = unsafe ERR_reason_error_string(code).map { unsafe String(cString: $0) }
    return ConnectionFailure(
      // After the handshake, errors are caused by the network.
      kind: isEstablished ? .broken : .tls,
      text: "cannot \(operation): \(reason ?? "TLS error \(code)")"
    )
  }
}
