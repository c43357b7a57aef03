internal import Glibc
internal import StaticAssets

/// Answers requests from the table of files.
///
/// Confined to the thread of its loop. The unsafe parts: the table is used without being counted for
/// each request, because `current` keeps it; offsets of its plans are added to its base address.
@safe struct StaticResponder: ~Copyable {
  /// What became of a response.
  enum Delivery {
    /// It is sent, or will be as the client takes it.
    case taken
    /// It was not made: the buffer has to be sent first and the client does not take that. Its
    /// request is to be answered later.
    case postponed
    /// An error was sent instead, after which the connection ends.
    case ended
  }

  /// Bodies up to this many bytes are copied behind their head, so that many responses go out
  /// with one call; above it copying costs more than a second part of the call.
  static let copiedBodyMax = 8192

  /// The table that answers.
  private(set) var current: FileTable
  /// The length of the last multipart body, which its plan does not tell.
  var multipartByteCount: Int64 = 0

  var table: Unmanaged<FileTable>
  /// Where the offsets of its plans start.
  var tableStart: UnsafeRawPointer

  /// A responder that answers from `table`.
  init(_ table: FileTable) {
    current = table
    unsafe self.table = Unmanaged.passUnretained(table)
    unsafe tableStart = table.baseAddress
  }

  /// Answers from `table` from now on, and lets the one before go: responses that were made from it
  /// must be independent of it.
  mutating func replaceTable(_ table: FileTable) {
    current = table
    unsafe self.table = Unmanaged.passUnretained(table)
    unsafe tableStart = table.baseAddress
  }

  /// The response to the request in `head`, which was parsed from `bytes`; nil when it is for the app.
  ///
  /// - Parameter forwards: whether there is an app for what no file answers.
  @inline(always)
  func plan(_ head: RequestHead, _ bytes: Span<UInt8>, forwards: Bool) -> ResponsePlan? {
    unsafe table._withUnsafeGuaranteedRef { table in
      if let plan = table.plan(for: head, in: bytes) { return plan }
      // `OPTIONS *` asks about this server, whatever is behind it.
      guard !forwards || head.isForServer(bytes) else { return nil }
      return table.planOutside(for: head, in: bytes)
    }
  }

  /// Bytes of the body of `response`.
  func bodyByteCount(_ response: ResponsePlan) -> Int64 {
    if case .parts = response.body { return multipartByteCount }
    return response.body.byteCount
  }

  /// Adds the response `plan` to what is sent to `fd`, and sends when the buffer is full or the body
  /// is large.
  ///
  /// - Parameter bytes: what the request in `wake.head` was parsed from.
  @inline(always)
  mutating func deliver(
    _ fd: Int32,
    _ plan: ResponsePlan,
    _ suffix: HeadSuffix,
    _ bytes: Span<UInt8>,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) -> Delivery {
    switch plan.body {
    case .none:
      return appendHead(fd, plan, suffix, bytes, bodyCount: 0, &clients, &wake)
        ? .taken : .postponed
    case .memory(let slice) where Int(slice.count) <= Self.copiedBodyMax:
      let count = Int(slice.count)
      guard appendHead(fd, plan, suffix, bytes, bodyCount: count, &clients, &wake) else {
        return .postponed
      }
      unsafe wake.output.append(tableStart + Int(slice.offset), count)
      return .taken
    case .memory(let slice):
      guard appendHead(fd, plan, suffix, bytes, bodyCount: 0, &clients, &wake) else {
        return .postponed
      }
      unsafe clients.sendMemory(fd, tableStart + Int(slice.offset), Int(slice.count), &wake)
      return .taken
    case .file(let file, let offset, let byteCount):
      return deliverFile(
        fd,
        plan,
        suffix,
        bytes,
        file,
        offset..<(offset + byteCount),
        &clients,
        &wake
      )
    case .parts(let representation):
      return deliverParts(fd, representation, suffix, bytes, &clients, &wake)
    }
  }

  /// Appends the head of `plan` if there is room for it and `bodyCount` bytes more.
  @inline(always)
  private func appendHead(
    _ fd: Int32,
    _ plan: ResponsePlan,
    _ suffix: HeadSuffix,
    _ bytes: Span<UInt8>,
    bodyCount: Int,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) -> Bool {
    guard case .none = plan.completion else {
      return appendCompletedHead(fd, plan, suffix, bytes, bodyCount: bodyCount, &clients, &wake)
    }
    let (suffixStart, suffixCount) = unsafe wake.suffixes.bytes(of: suffix)
    let headCount = Int(plan.head.bytes.count)
    guard clients.makeRoom(fd, headCount &+ suffixCount &+ bodyCount, &wake) else { return false }
    unsafe wake.output.append(tableStart + Int(plan.head.bytes.offset), headCount)
    unsafe wake.output.append(suffixStart, suffixCount)
    return true
  }

  private mutating func deliverFile(
    _ fd: Int32,
    _ plan: ResponsePlan,
    _ suffix: HeadSuffix,
    _ bytes: Span<UInt8>,
    _ file: Int,
    _ range: Range<Int64>,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) -> Delivery {
    let (descriptor, isKept) = openFile(file, for: fd, &clients, at: wake.now)
    // The head is not sent yet, so the client can be told that the file is gone.
    guard descriptor >= 0 else { return deliverError(fd, &clients, &wake) }
    guard appendHead(fd, plan, suffix, bytes, bodyCount: 0, &clients, &wake) else {
      if !isKept { clients.closeFile(descriptor) }
      return .postponed
    }
    clients.sendFile(fd, descriptor, range.lowerBound, range.upperBound, isKept: isKept, &wake)
    return .taken
  }

  /// Answers 500 because a file cannot be opened.
  @inline(never)
  func deliverError(
    _ fd: Int32,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) -> Delivery {
    let isHead = wake.head.method == .head
    return clients.append(.internalError, isHead: isHead, to: fd, &wake) ? .ended : .postponed
  }

  /// A descriptor for a body, or a negative error number; when there are no more, connections that
  /// wait longest for a request give theirs.
  func openFile(
    _ file: Int,
    for fd: Int32,
    _ clients: inout ClientConnections,
    at now: Int64
  ) -> (descriptor: Int32, isKept: Bool) {
    let first = unsafe table._withUnsafeGuaranteedRef { $0.openFile(file) }
    guard first.descriptor == -EMFILE || first.descriptor == -ENFILE
    else { return first }
    return openFileOnceMore(file, for: fd, &clients, at: now)
  }

  @inline(never)
  private func openFileOnceMore(
    _ file: Int,
    for fd: Int32,
    _ clients: inout ClientConnections,
    at now: Int64
  ) -> (descriptor: Int32, isKept: Bool) {
    clients.displaceIdle(atMost: 8, at: now, except: fd)
    return unsafe table._withUnsafeGuaranteedRef { $0.openFile(file) }
  }
}
