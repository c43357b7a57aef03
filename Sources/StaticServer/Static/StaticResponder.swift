internal import Glibc
internal import StaticAssets

/// Responds to requests for files.
///
/// Confined to the thread of its loop. The unsafe parts: the table is used without reference
/// counting, because `current` retains it; offsets in its plans are added to `tableStart`.
@safe struct StaticResponder: ~Copyable {
  /// The result of sending a response.
  enum Delivery {
    /// The response is sent or stored in the backlog.
    case taken
    /// Nothing was sent: the buffer is full and the client does not read. The request must be
    /// processed later.
    case postponed
    /// An error response was sent, and the connection closes.
    case ended
    /// Nothing was sent: the file no longer matches the plan.
    case changed
  }

  /// The largest body in bytes that is copied behind its head, so that one call sends many
  /// responses.
  ///
  /// Above it, copying costs more than another element of the sendmsg(2) vector.
  static let copiedBodyMax = 8192

  private let inPlace = InPlace()
  /// The table in use.
  private(set) var current: FileTable
  /// The length of the last multipart body in bytes, which its plan does not have.
  var multipartByteCount: Int64 = 0

  /// The files that are looked up when they are requested; nil until a table has live directories.
  var live: LiveFiles?
  private let liveSetup: LiveSetup
  /// Whether a request for which `plan` returns nil may be for a file: there are live directories, or
  /// the files are still being listed.
  private(set) var mayFindLater: Bool
  /// Whether `table` is that of a live file.
  var isAnsweringLive = false
  /// Retains `table` during the response with a file that has changed since the site's table was
  /// built.
  var changed: FileTable?

  var table: Unmanaged<FileTable>
  /// The base address of the offsets in plans.
  var tableStart: UnsafeRawPointer

  /// A responder that uses `table`.
  init(_ table: FileTable, _ setup: LiveSetup) {
    liveSetup = setup
    live = nil
    mayFindLater = false
    current = table
    unsafe self.table = Unmanaged.passUnretained(table)
    unsafe tableStart = table.baseAddress
    replaceLive()
  }

  /// Adopts the live directories of the table.
  private mutating func replaceLive() {
    mayFindLater = current.live != nil || current.isPending
    if current.live != nil, live == nil { live = LiveFiles(liveSetup) }
    live?.replaceSite(of: current)
  }

  /// Replaces the table.
  ///
  /// The previous table is released: responses made from it must not depend on it.
  mutating func replaceTable(_ table: FileTable) {
    current = table
    unsafe self.table = Unmanaged.passUnretained(table)
    unsafe tableStart = table.baseAddress
    replaceLive()
  }

  /// The response to the request in `head`, which was parsed from `bytes`; nil if the request
  /// belongs to the app, or while `mayFindLater`, if it must be looked up.
  ///
  /// - Parameter forwards: whether an app handles requests for no file.
  @inline(always)
  func plan(_ head: RequestHead, _ bytes: Span<UInt8>, forwards: Bool) -> ResponsePlan? {
    unsafe table._withUnsafeGuaranteedRef { table in
      if let plan = table.plan(for: head, in: bytes) { return plan }
      guard !mayFindLater else { return nil }
      guard !forwards || !table.isForOthers(head, in: bytes) else { return nil }
      return table.planOutside(for: head, in: bytes)
    }
  }

  /// The response to OPTIONS for the server as a whole.
  var planForServer: ResponsePlan { unsafe table._withUnsafeGuaranteedRef { $0.planForServer } }

  /// The length of the body of `response` in bytes.
  func bodyByteCount(_ response: ResponsePlan) -> Int64 {
    if case .parts = response.body { return multipartByteCount }
    return response.body.byteCount
  }

  /// Appends the response `plan` to the output for `fd`; sends the output if the buffer is full or
  /// the body is large.
  ///
  /// - Parameter bytes: the bytes that the request in `wake.head` was parsed from.
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

  /// Appends the head of `plan` if it and `bodyCount` more bytes fit the buffer.
  @inline(always)
  func appendHead(
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
    if isAnsweringLive, changed == nil, live?.contentByteCount ?? -1 >= 0 {
      return deliverContent(fd, plan, suffix, bytes, &clients, &wake)
    }
    let (descriptor, isKept) = openFile(file, for: fd, &clients, at: wake.now)
    // The head is not sent yet, so another response is still possible.
    guard descriptor >= 0 else { return fileFailed(fd, descriptor, &clients, &wake) }
    guard appendHead(fd, plan, suffix, bytes, bodyCount: 0, &clients, &wake) else {
      if !isKept { clients.closeFile(descriptor) }
      return .postponed
    }
    let version = unsafe table._withUnsafeGuaranteedRef { $0.version(ofFile: file) }
    let rest = FileRest(
      descriptor: descriptor,
      offset: range.lowerBound,
      end: range.upperBound,
      isKept: isKept,
      version: version
    )
    clients.sendFile(fd, rest, &wake)
    return .taken
  }

  /// The delivery of a response whose file cannot be sent, for the error number `code`.
  @inline(never)
  func fileFailed(
    _ fd: Int32,
    _ code: Int32,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) -> Delivery {
    code == -ESTALE ? .changed : deliverError(fd, &clients, &wake)
  }

  /// Sends 500 because a file cannot be opened.
  @inline(never)
  func deliverError(
    _ fd: Int32,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) -> Delivery {
    let isHead = wake.head.method == .head
    return clients.append(.internalError, isHead: isHead, to: fd, &wake) != nil
      ? .ended : .postponed
  }

  /// A descriptor for a body, or a negative error number.
  ///
  /// On EMFILE and ENFILE, descriptors are freed and the call is repeated once.
  func openFile(
    _ file: Int,
    for fd: Int32,
    _ clients: inout ClientConnections,
    at now: Int64
  ) -> (descriptor: Int32, isKept: Bool) {
    // The version of a live file was checked for this request, and the file is kept open.
    guard !isAnsweringLive else {
      return (unsafe table._withUnsafeGuaranteedRef { $0.keptFile(file) }, true)
    }
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
    clients.freeDescriptors(at: now, except: fd)
    return unsafe table._withUnsafeGuaranteedRef { $0.openFile(file) }
  }
}
