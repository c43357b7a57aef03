internal import Glibc
internal import StaticAssets

/// The destination of a loop's log lines.
struct LogOutput {
  let channel: LogChannel
  let writer: LogWriter
}

/// The access log of one event loop.
///
/// Lines are collected in a buffer, which is passed to the writer when it is full or one second
/// old.
///
/// If the writer is too slow, lines are dropped: a log never delays a client. The next line that is
/// written is preceded by a line with the number of dropped lines.
///
/// Confined to the thread of its loop.
struct RequestLog: ~Copyable {
  /// The buffer in bytes: several hundred lines, and at least the longest line.
  static let capacity = 65536
  /// The longest time that a line stays in the buffer, in milliseconds.
  static let delay: Int64 = 1000
  /// The limit of logged bytes of `Referer` and of `User-Agent`.
  static let fieldBytesMax = 1024
  /// The limit of logged bytes of the method; the longest registered method has 17.
  static let methodBytesMax = 64
  /// The limit of logged bytes of the target; above the default limit of a head's target.
  static let targetBytesMax = 8192
  /// The limit of the bytes of a line that the client did not choose.
  private static let fixedBytesMax = 512
  /// The longest escape sequence, `\u00ff`, in bytes.
  private static let escapeBytesMax = 6

  /// The number of dropped lines.
  private(set) var droppedCount = 0
  /// Dropped lines that no written line has reported yet.
  private var untoldCount = 0
  /// When the buffer is passed to the writer even if it is not full, in monotonic milliseconds.
  private(set) var handOverTime = Int64.max

  private var buffer: ByteBuffer
  private var time = LogTime()
  private var identifiers = LogIdentifiers()
  private let format: AccessLog.Format
  private let output: LogOutput?

  /// Whether there is a log; `add` must not be called otherwise.
  let isOn: Bool

  /// A log in `format` to `output`; no log if `output` is nil.
  init(_ format: AccessLog.Format = .json, to output: LogOutput? = nil) {
    self.format = format
    self.output = output
    isOn = output != nil
    buffer = ByteBuffer(capacity: isOn ? Self.capacity : 0)
  }

  /// The values of a line that are not in the request.
  struct Line {
    let peer: PeerAddress
    let status: UInt16
    /// The length of the response's body as announced, in bytes.
    let bodyByteCount: Int64
    /// Seconds since 1970.
    let seconds: Int64
  }

  /// Appends the line of one answered request.
  ///
  /// - Parameters:
  ///   - head: the request, parsed from `bytes`.
  ///   - identifier: the request's identifier in `identifierBytes`, without characters that need
  ///     escaping; if it is empty, one is generated.
  ///   - now: monotonic milliseconds.
  mutating func add(
    _ line: Line,
    _ head: RequestHead,
    in bytes: Span<UInt8>,
    identifier: ByteSlice = .none,
    in identifierBytes: Span<UInt8> = Span(),
    now: Int64
  ) {
    let referer = head.referer.prefix(Self.fieldBytesMax)
    let userAgent = head.userAgent.prefix(Self.fieldBytesMax)
    let method = head.methodName.prefix(Self.methodBytesMax)
    let target = head.target.prefix(Self.targetBytesMax)
    let foreign = Int(method.count) + Int(target.count) + Int(referer.count) + Int(userAgent.count)
    guard makeRoom(foreign * Self.escapeBytesMax + 2 * Self.fixedBytesMax, at: now) else {
      droppedCount &+= 1
      untoldCount &+= 1
      return
    }
    if handOverTime == Int64.max { handOverTime = now + Self.delay }
    time.update(line.seconds)
    if untoldCount > 0 { tellDropped() }
    switch format {
    case .json:
      buffer.append("{\"time\":\"")
      buffer.append(time.iso8601)
      buffer.append("\",\"id\":\"")
      if identifier.isEmpty {
        buffer.append(identifier: identifiers.next())
      } else {
        buffer.append(identifierBytes, identifier)
      }
      buffer.append("\",\"remote\":\"")
      buffer.append(line.peer)
      buffer.append("\",\"method\":\"")
      buffer.append(bytes, method, escaping: .json)
      buffer.append("\",\"target\":\"")
      buffer.append(bytes, target, escaping: .json)
      buffer.append(head.isVersion10 ? "\",\"version\":\"1.0\"" : "\",\"version\":\"1.1\"")
      buffer.append(",\"status\":")
      buffer.append(decimal: Int64(line.status))
      buffer.append(",\"bytes\":")
      buffer.append(decimal: line.bodyByteCount)
      buffer.append(",\"referer\":\"")
      buffer.append(bytes, referer, escaping: .json)
      buffer.append("\",\"user_agent\":\"")
      buffer.append(bytes, userAgent, escaping: .json)
      buffer.append("\"}\n")
    case .combined:
      buffer.append(line.peer)
      buffer.append(" - - [")
      buffer.append(time.commonLog)
      buffer.append("] \"")
      appendRequestLine(head, method, target, bytes)
      buffer.append("\" ")
      buffer.append(decimal: Int64(line.status))
      buffer.append(" ")
      buffer.append(decimal: line.bodyByteCount)
      buffer.append(" \"")
      buffer.append(bytes, orDash: referer)
      buffer.append("\" \"")
      buffer.append(bytes, orDash: userAgent)
      buffer.append("\"\n")
    }
  }

  /// Appends the request line as in the Combined Log Format.
  private mutating func appendRequestLine(
    _ head: RequestHead,
    _ method: ByteSlice,
    _ target: ByteSlice,
    _ bytes: Span<UInt8>
  ) {
    let isWhole = method.count == head.methodName.count && target.count == head.target.count
    guard !isWhole else {
      buffer.append(bytes, orDash: head.requestLine)
      return
    }
    buffer.append(bytes, orDash: method)
    buffer.append(" ")
    buffer.append(bytes, orDash: target)
    buffer.append(head.isVersion10 ? " HTTP/1.0" : " HTTP/1.1")
  }

  /// Appends a line with the number of dropped lines.
  @inline(never)
  private mutating func tellDropped() {
    buffer.append(DroppedLines.line(untoldCount, format, at: time))
    untoldCount = 0
  }

  /// Passes the buffer to the writer; keeps it if all blocks of the channel are in use.
  @inline(never)
  mutating func handOver(now: Int64) {
    guard let output, buffer.count > 0, output.channel.offer(buffer) else {
      handOverTime = buffer.count > 0 ? now + 10 : Int64.max
      return
    }
    buffer.clear()
    handOverTime = Int64.max
    output.writer.notify()
  }

  /// Passes the last lines to the writer; gives up after one second.
  mutating func finish(now: Int64) {
    if untoldCount > 0, isOn {
      handOver(now: now)
      if buffer.room >= Self.fixedBytesMax { tellDropped() }
    }
    for _ in 0..<100 where buffer.count > 0 {
      handOver(now: now)
      if buffer.count > 0 { usleep(10_000) }
    }
  }

  @inline(always)
  private mutating func makeRoom(_ byteCount: Int, at now: Int64) -> Bool {
    if buffer.room >= byteCount { return true }
    handOver(now: now)
    return buffer.room >= byteCount
  }
}

extension ByteSlice {
  /// The first bytes of the slice, at most `count`.
  fileprivate func prefix(_ count: Int) -> ByteSlice {
    ByteSlice(offset: Int(offset), count: min(count, Int(self.count)))
  }
}
