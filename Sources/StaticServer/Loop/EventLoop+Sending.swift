internal import CLinux
internal import Glibc
internal import StaticAssets

/// Sending responses.
///
/// The unsafe parts are addresses that go to the system: they lie in `output`, in the date field
/// or in the table, at offsets that the table made, and all three live as long as the loop.
extension EventLoop {
  /// What became of a response.
  enum Delivery {
    /// It is sent, or will be as the client takes it.
    case taken
    /// It was not made: the buffer has to be sent first and the client does not take that. Its
    /// request is to be answered later.
    case postponed
    /// Another one was made, after which the connection ends.
    case ended
  }

  /// Bodies up to this many bytes are copied behind their head, so that many responses go out
  /// with one call; above it copying costs more than a second part of the call.
  static let copiedBodyMax = 8192

  /// Adds the response `plan` to what is sent to `number`, and sends when the buffer is full or
  /// the body is large.
  ///
  /// - Parameter bytes: what the request in `head` was parsed from.
  @inline(always)
  mutating func deliver(
    _ number: Int32,
    _ plan: ResponsePlan,
    _ tail: HeadTail,
    _ bytes: Span<UInt8>
  ) -> Delivery {
    switch plan.body {
    case .none:
      return appendHead(number, plan, tail, bytes, bodyCount: 0) ? .taken : .postponed
    case .memory(let slice) where Int(slice.count) <= Self.copiedBodyMax:
      guard appendHead(number, plan, tail, bytes, bodyCount: Int(slice.count)) else {
        return .postponed
      }
      unsafe output.append(tableStart + Int(slice.offset), Int(slice.count))
      return .taken
    case .memory(let slice):
      guard appendHead(number, plan, tail, bytes, bodyCount: 0) else { return .postponed }
      sendMemory(number, slice)
      return .taken
    case .file(let file, let offset, let byteCount):
      return deliverFile(number, plan, tail, bytes, file, offset, byteCount)
    case .parts(let representation):
      return deliverParts(number, representation, tail, bytes)
    }
  }

  /// Sends what `output` holds.
  @inline(always)
  mutating func flush(_ number: Int32) {
    guard output.count > 0 else { return }
    let result = unsafe clinux_send(number, output.start, output.count, 0)
    guard result != output.count else {
      unsafe adder.add(.bytesSent, result)
      output.clear()
      return
    }
    sendFailed(number, result, sent: max(0, result), then: .none)
  }

  /// Answers with an error and no file, as the last response; false when it was not made because
  /// the buffer has to be sent first.
  @inline(never)
  mutating func reject(_ number: Int32, _ status: ResponseStatus) -> Bool {
    let body = "\(status.reason)\n"
    // What an app allows is not known here; this is of TRACE, which nothing does.
    let allow = "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n"
    let head = """
      HTTP/1.1 \(status.rawValue) \(status.reason)\r
      Content-Type: text/plain; charset="utf-8"\r
      Content-Length: \(body.utf8.count)\r
      \(status == .methodNotAllowed ? allow : "")
      """
    let (start, count) = unsafe date.bytes(of: .close)
    guard makeRoom(number, head.utf8.count + count + body.utf8.count) else { return false }
    output.append(Array(head.utf8))
    unsafe output.append(start, count)
    output.append(Array(body.utf8))
    unsafe adder.add(Counter(status: status.rawValue))
    return true
  }

  /// Makes sure that `output` takes `count` bytes, by sending it if need be.
  @inline(always)
  mutating func makeRoom(_ number: Int32, _ count: Int) -> Bool {
    guard output.room < count else { return true }
    flush(number)
    return connections[number].state == .reading
  }

  /// Appends the head of `plan` if there is room for it and `bodyCount` bytes more.
  @inline(always)
  private mutating func appendHead(
    _ number: Int32,
    _ plan: ResponsePlan,
    _ tail: HeadTail,
    _ bytes: Span<UInt8>,
    bodyCount: Int
  ) -> Bool {
    guard case .none = plan.completion else {
      return appendCompletedHead(number, plan, tail, bytes, bodyCount: bodyCount)
    }
    let (tailStart, tailCount) = unsafe date.bytes(of: tail)
    let headCount = Int(plan.head.bytes.count)
    guard makeRoom(number, headCount &+ tailCount &+ bodyCount) else { return false }
    unsafe output.append(tableStart + Int(plan.head.bytes.offset), headCount)
    unsafe output.append(tailStart, tailCount)
    return true
  }

  /// Sends `output` and a body from memory in one call.
  @inline(always)
  private mutating func sendMemory(_ number: Int32, _ slice: ByteSlice) {
    let start = unsafe tableStart + Int(slice.offset)
    let count = Int(slice.count)
    let result = unsafe clinux_send_two(number, output.start, output.count, start, count)
    guard result != output.count &+ count else {
      unsafe adder.add(.bytesSent, result)
      output.clear()
      return
    }
    let sent = max(0, result)
    let bodySent = max(0, sent - output.count)
    unsafe sendFailed(
      number,
      result,
      sent: min(sent, output.count),
      then: .memory(start + bodySent, count: count - bodySent)
    )
  }

  private mutating func deliverFile(
    _ number: Int32,
    _ plan: ResponsePlan,
    _ tail: HeadTail,
    _ bytes: Span<UInt8>,
    _ file: Int,
    _ offset: Int64,
    _ byteCount: Int64
  ) -> Delivery {
    let (descriptor, isKept) = openFile(file, for: number)
    // The head is not sent yet, so the client can be told that the file is gone.
    guard descriptor >= 0 else {
      return reject(number, .internalError) ? .ended : .postponed
    }
    guard appendHead(number, plan, tail, bytes, bodyCount: 0) else {
      if !isKept { closeFile(descriptor) }
      return .postponed
    }
    sendFile(number, descriptor, offset, offset + byteCount, isKept)
    return .taken
  }

  /// A descriptor for a body; when there are no more, connections that wait longest give theirs.
  mutating func openFile(
    _ file: Int,
    for number: Int32
  ) -> (descriptor: Int32, isKept: Bool) {
    let first = unsafe table._withUnsafeGuaranteedRef { $0.openFile(file) }
    guard first.descriptor == -EMFILE || first.descriptor == -ENFILE else { return first }
    return openFileOnceMore(file, for: number)
  }

  @inline(never)
  private mutating func openFileOnceMore(
    _ file: Int,
    for number: Int32
  ) -> (descriptor: Int32, isKept: Bool) {
    for idle in longestIdle(atMost: 8) where idle != number { displace(idle) }
    return unsafe table._withUnsafeGuaranteedRef { $0.openFile(file) }
  }

  private mutating func displace(_ number: Int32) {
    unsafe adder.add(.displaced)
    close(number)
  }

  /// Closes a file that was opened for one response.
  @inline(never)
  private func closeFile(_ file: Int32) {
    _ = clinux_close(file)
  }

  /// Sends `output` and then the file from `start` to `end`, as much of both as the client takes.
  private mutating func sendFile(
    _ number: Int32,
    _ file: Int32,
    _ start: Int64,
    _ end: Int64,
    _ isKept: Bool
  ) {
    var offset = start
    let result = unsafe clinux_send(number, output.start, output.count, 1)
    unsafe adder.add(.bytesSent, max(0, result))
    if result == output.count {
      output.clear()
      let budget = PendingOutput.fileBytesPerTurn
      let progress = PendingOutput.sendFile(number, file, from: &offset, to: end, atMost: budget)
      unsafe adder.add(.bytesSent, Int(offset - start))
      switch progress {
      case .finished:
        if !isKept { closeFile(file) }
        return
      case .failed:
        if !isKept { closeFile(file) }
        unsafe adder.add(.broken)
        close(number)
        return
      case .blocked:
        break
      }
    }
    let rest = PendingOutput.Body.file(
      file,
      offset: offset,
      count: end - offset,
      isKept: isKept
    )
    fileBlocked(number, result, then: rest)
  }

  /// What to do when a file was not sent whole; it is closed with the connection if need be.
  @inline(never)
  private mutating func fileBlocked(_ number: Int32, _ result: Int, then rest: PendingOutput.Body) {
    let isAlive = result >= 0 || result == -Int(EAGAIN)
    keepPending(number, sent: output.count == 0 ? 0 : max(0, result), then: rest)
    guard isAlive else {
      unsafe adder.add(.broken)
      close(number)
      return
    }
    awaitWritable(number)
  }

  /// What to do when `output` was not sent whole: wait for the client, or give it up.
  @inline(never)
  private mutating func sendFailed(
    _ number: Int32,
    _ result: Int,
    sent: Int,
    then body: PendingOutput.Body
  ) {
    guard result >= 0 || result == -Int(EAGAIN) else {
      output.clear()
      unsafe adder.add(.broken)
      close(number)
      return
    }
    unsafe adder.add(.bytesSent, max(0, result))
    keepPending(number, sent: sent, then: body)
    awaitWritable(number)
  }

  /// Moves what is left of `output`, and `body` behind it, to the connection.
  private mutating func keepPending(
    _ number: Int32,
    sent: Int,
    then body: PendingOutput.Body
  ) {
    let rest = unsafe HeapBytes(copying: output.start + sent, count: output.count - sent)
    output.clear()
    let pending = unsafe PendingOutput.allocate(PendingOutput(bytes: rest, body: body))
    unsafe keepPending(number, pending)
  }

  /// Lets connection `number` own `pending` and wait until its client takes it.
  mutating func keepPending(
    _ number: Int32,
    _ pending: UnsafeMutablePointer<PendingOutput>
  ) {
    unsafe pending.pointee.takenTotal =
      unsafe pending.pointee.sentTotal - Int64(max(0, clinux_unsent_count(number)))
    unsafe connections[number].output = pending
    connections[number].state = .sending
    connections[number].epoch = epoch
    connections[number].deadline = limits.sending.deadline(from: now)
  }

  func awaitWritable(_ number: Int32) {
    setInterest(number, UInt32(CLINUX_WRITABLE))
  }

  /// Tells epoll what to report of `number`.
  func setInterest(_ number: Int32, _ events: UInt32) {
    _ = clinux_epoll_control(
      epoll.number,
      Int32(CLINUX_MODIFY),
      number,
      events,
      ReadyEvents.data(number, connections[number].generation)
    )
  }
}
