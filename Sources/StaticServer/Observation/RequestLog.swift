internal import Glibc
internal import StaticAssets

/// Where a loop's log goes.
struct LogOutput {
  let channel: LogChannel
  let writer: LogWriter
}

/// The access log of one event loop: lines are put together in its buffer and handed to the
/// writer when that is full or a second old.
///
/// Where the writer cannot follow, lines are dropped; a client never waits for a log. How many were
/// dropped is told in a line of its own before the next one that is written.
///
/// Confined to the thread of its loop.
struct RequestLog: ~Copyable {
  /// Bytes of the buffer: several hundred lines, and at least the longest one.
  static let capacity = 65536
  /// How long a line waits for company, in milliseconds.
  static let delay: Int64 = 1000
  /// Bytes of `Referer` and of `User-Agent` that are logged.
  static let fieldBytesMax = 1024
  /// Bytes of the method that are logged; registered ones have at most 17.
  static let methodBytesMax = 64
  /// Bytes of the target that are logged, which is all of it unless the limit was raised.
  static let targetBytesMax = 8192
  /// Bytes of a line beside what the client wrote.
  private static let fixedBytesMax = 512
  /// Bytes of the longest escape sequence, `\u00ff`.
  private static let escapeBytesMax = 6

  /// The number of lines that were not written.
  private(set) var droppedCount = 0
  /// Of these, those that no line has told of yet.
  private var untoldCount = 0
  /// When the buffer is handed over, full or not; in milliseconds of the monotonic clock.
  private(set) var handOverTime = Int64.max

  private var buffer: ByteBuffer
  private var time = LogTime()
  private var identifiers = LogIdentifiers()
  private let format: AccessLog.Format
  private let output: LogOutput?

  /// Whether there is a log; nothing is to be added to it otherwise.
  let isOn: Bool

  /// A log of `format` to `output`; none without one.
  init(_ format: AccessLog.Format = .json, to output: LogOutput? = nil) {
    self.format = format
    self.output = output
    isOn = output != nil
    buffer = ByteBuffer(capacity: isOn ? Self.capacity : 0)
  }

  /// What a line tells beside the request.
  struct Line {
    let peer: PeerAddress
    let status: UInt16
    /// Bytes of the answer's body, as they are to be sent.
    let bodyByteCount: Int64
    /// The time since 1970.
    let seconds: Int64
  }

  /// Adds the line of one answered request.
  ///
  /// - Parameters:
  ///   - head: the request, parsed from `bytes`.
  ///   - identifier: the one that the request has, without characters to be escaped, in
  ///     `identifierBytes`; empty where it has none, and then one is made.
  ///   - now: milliseconds of the monotonic clock.
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

  /// The first line of a request, as the Combined Log Format has it.
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

  /// Tells how many lines were dropped, in a line of its own.
  @inline(never)
  private mutating func tellDropped() {
    switch format {
    case .json:
      buffer.append("{\"time\":\"")
      buffer.append(time.iso8601)
      buffer.append("\",\"dropped\":")
      buffer.append(decimal: Int64(untoldCount))
      buffer.append("}\n")
    case .combined:
      buffer.append("- - - [")
      buffer.append(time.commonLog)
      buffer.append("] \"-\" 0 0 \"-\" \"staticd: ")
      buffer.append(decimal: Int64(untoldCount))
      buffer.append(" lines dropped\"\n")
    }
    untoldCount = 0
  }

  /// Hands over what has come together; it stays when the writer is not ready.
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

  /// Hands over the last lines, if the writer takes them within a second.
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
