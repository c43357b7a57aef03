internal import CLinux
internal import Glibc
internal import StaticAssets

/// The destination of the writer's lines: a descriptor or a syslog daemon.
///
/// Lines that the system does not accept are counted. As soon as it accepts lines again, a line
/// with the number of missing lines is written. Used by the writer's thread only.
struct LogSink {
  /// Seconds without a failure after which the next one is reported again.
  private static let quietSeconds: Int64 = 60

  /// Lines that the system did not accept.
  private(set) var lostCount = 0

  private let log: AccessLog
  private let isStopping: () -> Bool
  private var datagram: SyslogDatagram?
  /// The number of lost lines that have not been reported yet.
  private var untoldCount = 0
  /// Whether the last written line is not complete.
  private var endsInLine = false
  /// The time of the last failure, in seconds of the monotonic clock.
  private var failureTime: Int64?

  /// A sink for `log`; waiting for a slow reader ends when `isStopping` returns true.
  init(_ log: AccessLog, _ isStopping: @escaping () -> Bool) {
    self.log = log
    self.isStopping = isStopping
    datagram = log.syslog.map { SyslogDatagram(for: $0) }
  }

  /// Writes the lines of `buffer`, which is empty afterwards.
  mutating func write(_ buffer: inout ByteBuffer) {
    guard buffer.count > 0 else { return }
    let bytes = unsafe UnsafeRawBufferPointer(start: buffer.start, count: buffer.count)
    if datagram == nil {
      unsafe writeToStream(bytes)
    } else {
      unsafe writeToSyslog(bytes)
    }
    buffer.clear()
  }

  /// Writes the last count of lost lines, if the system accepts it.
  mutating func finish() { _ = tell() }

  private mutating func writeToStream(_ bytes: UnsafeRawBufferPointer) {
    let written = unsafe tell() ? writeAll(bytes) : 0
    guard written < bytes.count else { return }
    let rest = unsafe bytes[written...]
    unsafe noteLost(rest.count { $0 == UInt8(ascii: "\n") })
    if written > 0 { endsInLine = unsafe bytes[written - 1] != UInt8(ascii: "\n") }
  }

  private mutating func writeToSyslog(_ bytes: UnsafeRawBufferPointer) {
    datagram?.update(LogTime.now)
    var start = 0
    while start < bytes.count {
      let end = unsafe bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      let line = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<end])
      if unsafe !(tell() && send(line)) { noteLost(1) }
      start = end + 1
    }
  }

  /// Writes the number of lost lines, if there are any; returns false if the system does not accept
  /// it.
  private mutating func tell() -> Bool {
    guard untoldCount > 0 else { return true }
    var line = DroppedLines.line(untoldCount, log.format, at: LogTime.now)
    if datagram != nil {
      line.removeLast()
      guard unsafe line.withUnsafeBytes({ unsafe send($0) }) else { return false }
    } else {
      // After an incomplete line, begin a new line.
      if endsInLine { line.insert(UInt8(ascii: "\n"), at: 0) }
      let written = unsafe line.withUnsafeBytes { unsafe writeAll($0) }
      guard written == line.count else {
        if written > 0 { endsInLine = true }
        return false
      }
      endsInLine = false
    }
    untoldCount = 0
    return true
  }

  private mutating func noteLost(_ count: Int) {
    lostCount += count
    untoldCount += count
  }

  /// Reports a failure, unless another occurred in the last minute.
  private mutating func noteFailure(_ code: Int32) {
    let now = clinux_monotonic_milliseconds() / 1000
    defer { failureTime = now }
    if let failureTime, now < failureTime + Self.quietSeconds { return }
    log.onFailure?(code)
  }

  /// Writes `bytes` until an error; returns the number of bytes that the system accepted.
  ///
  /// A full pipe blocks this thread until it is read or a stop is requested.
  private mutating func writeAll(_ bytes: UnsafeRawBufferPointer) -> Int {
    var rest = unsafe bytes[...]
    let isFile = isRegularFile
    while unsafe !rest.isEmpty {
      guard isFile || isWritable() else { break }
      // A pipe that poll(2) reports writable accepts PIPE_BUF bytes without blocking. pipe(7)
      let piece = unsafe UnsafeRawBufferPointer(rebasing: isFile ? rest : rest.prefix(4096))
      let written = unsafe Glibc.write(log.descriptor, piece.baseAddress, piece.count)
      if written < 0 && (errno == EINTR || errno == EAGAIN) { continue }
      guard written > 0 else {
        noteFailure(written < 0 ? errno : EIO)
        break
      }
      unsafe rest = rest.dropFirst(written)
    }
    return unsafe bytes.count - rest.count
  }

  /// Sends `line` as one datagram; connects again if the daemon was restarted.
  private mutating func send(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let datagram else { return false }
    var isReconnected = false
    while true {
      let result = unsafe datagram.send(line, to: log.descriptor)
      switch Int32(-result) {
      case ...0: return true
      case EINTR: continue
      case EAGAIN, ENOBUFS:
        guard isWritable() else { return false }
      case ECONNREFUSED, ENOTCONN, ECONNRESET, EPIPE, EDESTADDRREQ:
        guard !isReconnected, datagram.connect(log.descriptor) == 0 else {
          noteFailure(Int32(-result))
          return false
        }
        isReconnected = true
      default:
        noteFailure(Int32(-result))
        return false
      }
    }
  }

  /// Whether the descriptor is that of a regular file, for which poll(2) and small pieces are
  /// useless.
  private var isRegularFile: Bool {
    var status = stat()
    return unsafe fstat(log.descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Waits until the descriptor is writable; returns false if a stop is requested before it is.
  private func isWritable() -> Bool {
    var request = pollfd(fd: log.descriptor, events: Int16(POLLOUT), revents: 0)
    while true {
      let ends = isStopping()
      if unsafe poll(&request, 1, ends ? 0 : 200) > 0 { return true }
      if ends { return false }
    }
  }
}
