internal import Glibc
internal import StaticAssets

/// The destination of a loop's log lines.
struct LogOutput {
  let channel: LogChannel
  let writer: LogWriter
}

/// The access log of one event loop.
///
/// Lines are collected in a buffer, which is passed to the writer when it is full or a fraction of
/// a second old.
///
/// If the writer is too slow, lines are dropped: a log never delays a client. The next line that is
/// written is preceded by a line with the number of dropped lines.
///
/// Confined to the thread of its loop.
struct RequestLog: ~Copyable {
  /// The buffer in bytes: a hundred lines and more, and at least the longest line.
  static let capacity = 65536
  /// The longest time that a line stays in the buffer, in milliseconds.
  static let delay: Int64 = 200
  /// The limit of logged bytes of `Referer` and of `User-Agent`.
  static let fieldBytesMax = 1024
  /// The limit of logged bytes of the host; above the longest DNS name with a port.
  static let hostBytesMax = 262
  /// The limit of logged bytes of the method; the longest registered method has 17.
  static let methodBytesMax = 64
  /// The limit of logged bytes of the target; above the default limit of a head's target.
  static let targetBytesMax = 8192
  /// The limit of the bytes of a line that the client did not choose, the record's head included.
  private static let fixedBytesMax = 768
  /// The longest escape sequence, `\u00ff`, in bytes.
  private static let escapeBytesMax = 6

  private let inPlace = InPlace()
  /// The number of dropped lines that have not been reported yet.
  private var untoldCount = 0
  /// The time when the buffer is passed to the writer even if it is not full, in monotonic
  /// milliseconds.
  private(set) var handOverTime = Int64.max

  var buffer: ByteBuffer
  var time = LogTime()
  /// Identifiers for requests that are not sent to an app.
  var identifiers = RequestIdentifiers()
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
    /// The client's address.
    var peer: PeerAddress
    var status: UInt16
    /// The bytes of the response's body that were sent.
    var bodyByteCount: Int64
    var coding = LogCoding()
    /// Whether the client used HTTPS.
    var isSecure = false
    /// The number of the connection.
    var connection: UInt64
    /// Nanoseconds from the request to the end of the response.
    var duration: Int64
    var reason = FailureReason.none
    /// The time that the app took in nanoseconds; negative if the request was not sent to it.
    var upstreamDuration: Int64 = -1
    /// The request's identifier, without characters that need escaping; if it is empty, one is
    /// generated.
    var identifier = ByteSlice.none
    /// The host that a trusted proxy reports; if it is empty, that of the request.
    var host = ByteSlice.none
  }

  /// The parts of a request that are logged, shortened to their limits.
  struct Excerpt {
    let method: ByteSlice
    let target: ByteSlice
    let host: ByteSlice
    let referer: ByteSlice
    let userAgent: ByteSlice
    /// Whether method and target are whole.
    let isWhole: Bool

    /// - Parameter host: what counts as the host; if it is empty, that of the request.
    init(_ head: RequestHead, _ bytes: Span<UInt8>, host: ByteSlice) {
      method = head.methodName.prefix(methodBytesMax)
      target = head.target.prefix(targetBytesMax)
      // Where it is not whole, the head has no target to take it from.
      let own = head.byteCount > 0 ? ForwardedFields.authority(head, bytes) : head.host
      self.host = (host.isEmpty ? own : host).prefix(hostBytesMax)
      referer = head.referer.prefix(fieldBytesMax)
      userAgent = head.userAgent.prefix(fieldBytesMax)
      isWhole = method.count == head.methodName.count && target.count == head.target.count
    }

    /// The number of bytes that the client chose.
    var byteCount: Int {
      Int(method.count) + Int(target.count) + Int(host.count) + Int(referer.count)
        + Int(userAgent.count)
    }
  }

  /// Appends the line of one request.
  ///
  /// - Parameters:
  ///   - head: the request, parsed from `bytes`.
  ///   - identifierBytes: the bytes that the line's identifier is a slice of.
  ///   - moment: the time when the request was processed.
  mutating func add(
    _ line: Line,
    _ head: RequestHead,
    in bytes: Span<UInt8>,
    identifierIn identifierBytes: Span<UInt8> = Span(),
    _ moment: LogMoment
  ) {
    assert(line.reason != .none || !FailureReason.explains(line.status))
    let excerpt = Excerpt(head, bytes, host: line.host)
    let needed = excerpt.byteCount &* Self.escapeBytesMax &+ 2 &* Self.fixedBytesMax
    guard makeRoom(needed, at: moment.now) else {
      drop()
      return
    }
    if buffer.count == 0 { beginBuffer(moment) }
    time.update(milliseconds: moment.milliseconds)
    if untoldCount > 0 { tellDropped(moment) }
    let start = buffer.beginRecord(at: moment.nanoseconds)
    switch format {
    case .json: appendJSON(line, head, excerpt, bytes, identifierBytes)
    case .combined: appendCombined(line, head, excerpt, bytes)
    }
    buffer.endRecord(start)
  }

  /// Counts a dropped line.
  @inline(never)
  private mutating func drop() {
    untoldCount &+= 1
    output?.channel.noteDropped()
  }

  /// Records the time when the first line of a buffer was added.
  @inline(never)
  private mutating func beginBuffer(_ moment: LogMoment) {
    handOverTime = moment.now &+ Self.delay
    output?.channel.notePending(since: moment.nanoseconds)
  }

  /// Appends a line with the number of dropped lines.
  @inline(never)
  private mutating func tellDropped(_ moment: LogMoment) {
    let line = DroppedLines.line(untoldCount, format, at: time)
    buffer.appendRecord(line, at: moment.nanoseconds)
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
  mutating func finish(_ moment: LogMoment) {
    if untoldCount > 0, isOn {
      handOver(now: moment.now)
      if buffer.room >= Self.fixedBytesMax { tellDropped(moment) }
    }
    for _ in 0..<100 where buffer.count > 0 {
      handOver(now: moment.now)
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
