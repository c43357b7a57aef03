internal import Glibc
internal import StaticAssets

/// Connects sockets.
enum SocketConnector {
  /// A blocking socket connected to one of the addresses of a host, with its time-outs set.
  static func connect(
    _ address: HTTPAddress,
    _ limits: ConnectionLimits
  ) throws(ConnectionFailure) -> Descriptor {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_NUMERICSERV
    var first: UnsafeMutablePointer<addrinfo>?
    let code = unsafe getaddrinfo(address.host, String(address.port), &hints, &first)
    guard code == 0 else {
      let reason = unsafe String(cString: gai_strerror(code))
      throw ConnectionFailure(
        kind: code == EAI_AGAIN ? .timeout : .unknownHost,
        text: "cannot find '\(address.host)': \(reason)"
      )
    }
    defer { unsafe freeaddrinfo(first) }
    var failure = ConnectionFailure(kind: .unknownHost, text: "'\(address.host)' has no address")
    var next = unsafe first
    // The list is valid until it is freed above.
    while let candidate = unsafe next {
      do throws(ConnectionFailure) {
        return unsafe try connect(candidate.pointee, limits)
      } catch {
        failure = error
      }
      unsafe next = candidate.pointee.ai_next
    }
    throw failure
  }

  private static func connect(
    _ candidate: addrinfo,
    _ limits: ConnectionLimits
  ) throws(ConnectionFailure) -> Descriptor {
    let type =
      unsafe candidate.ai_socktype | Int32(SOCK_CLOEXEC.rawValue)
      | Int32(SOCK_NONBLOCK.rawValue)
    let number = unsafe socket(candidate.ai_family, type, candidate.ai_protocol)
    guard number >= 0 else { throw ByteStream.failure("make a socket", errno) }
    let socket = Descriptor(owning: number)
    if unsafe Glibc.connect(number, candidate.ai_addr, candidate.ai_addrlen) != 0 {
      guard errno == EINPROGRESS else { throw ByteStream.failure("connect", errno) }
      try wait(for: number, limits.connectMilliseconds)
    }
    _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) & ~O_NONBLOCK)
    var time = timeval()
    time.tv_sec = limits.idleMilliseconds / 1000
    time.tv_usec = limits.idleMilliseconds % 1000 * 1000
    var one: Int32 = 1
    let timeSize = socklen_t(MemoryLayout<timeval>.size)
    unsafe setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &time, timeSize)
    unsafe setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &time, timeSize)
    // A head and a large content are two writes.
    unsafe setsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
    return socket
  }

  /// Waits until the connection is established. poll(2)
  private static func wait(
    for number: Int32,
    _ milliseconds: Int
  ) throws(ConnectionFailure) {
    var interest = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
    let result = retrying { unsafe poll(&interest, 1, Int32(milliseconds)) }
    guard result != 0 else { throw ByteStream.failure("connect", ETIMEDOUT) }
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    unsafe getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &size)
    guard result > 0, code == 0 else {
      throw ByteStream.failure("connect", code == 0 ? errno : code)
    }
  }
}
