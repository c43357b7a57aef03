internal import StaticAssets

/// Responses from live directories.
///
/// While the response for a live file is made, its table replaces that of the site. The unsafe
/// part: `live` retains that table from `findLive` to the next call, and backlogs are made
/// independent of it before then.
extension StaticResponder {
  /// Looks up the file for the request in `head`, for which `plan` is nil.
  mutating func findLive(_ head: RequestHead, _ bytes: Span<UInt8>) -> LiveFiles.Outcome {
    live?.find(head, bytes, current) ?? .missing
  }

  /// The response with the file that was found; the responder uses its table until `leaveLive`.
  mutating func enterLive(_ head: RequestHead, _ bytes: Span<UInt8>) -> ResponsePlan {
    guard let answer = live?.answer else { preconditionFailure("`findLive` comes first") }
    unsafe table = answer.table
    unsafe tableStart = answer.table._withUnsafeGuaranteedRef { unsafe $0.baseAddress }
    isAnsweringLive = true
    return unsafe answer.table._withUnsafeGuaranteedRef { $0.planLive(for: head, in: bytes) }
  }

  /// The response with a file that no longer matches `plan`; nil if it cannot be opened.
  ///
  /// The responder uses the file's own table until `leaveLive`.
  mutating func enterChanged(
    _ plan: ResponsePlan,
    _ head: RequestHead,
    _ bytes: Span<UInt8>
  ) -> ResponsePlan? {
    guard !isAnsweringLive, let number = current.storedFile(of: plan),
      let table = try? current.tableOfChangedFile(number, plan.coding)
    else { return nil }
    changed = table
    unsafe self.table = Unmanaged.passUnretained(table)
    unsafe tableStart = table.baseAddress
    isAnsweringLive = true
    return table.planLive(for: head, in: bytes)
  }

  /// Uses the site's table again.
  mutating func leaveLive() {
    isAnsweringLive = false
    changed = nil
    unsafe table = Unmanaged.passUnretained(current)
    unsafe tableStart = current.baseAddress
  }

  /// The response to a request for which no live directory has a file; nil if the request belongs
  /// to the app.
  func planWithoutLive(
    _ head: RequestHead,
    _ bytes: Span<UInt8>,
    forwards: Bool
  ) -> ResponsePlan? {
    if let plan = current.planWithoutLive(for: head, in: bytes) { return plan }
    guard !forwards || !current.isForOthers(head, in: bytes) else { return nil }
    return current.planOutside(for: head, in: bytes)
  }

  /// Sends the content that was read with the file.
  @inline(never)
  mutating func deliverContent(
    _ fd: Int32,
    _ plan: ResponsePlan,
    _ suffix: HeadSuffix,
    _ bytes: Span<UInt8>,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) -> Delivery {
    guard let count = live?.contentByteCount, let start = unsafe live?.contentStart else {
      preconditionFailure("no live file is answered")
    }
    precondition(plan.body.byteCount == Int64(count))
    let isCopied = count <= Self.copiedBodyMax
    let bodyCount = isCopied ? count : 0
    guard appendHead(fd, plan, suffix, bytes, bodyCount: bodyCount, &clients, &wake) else {
      return .postponed
    }
    if isCopied {
      unsafe wake.output.append(start, count)
    } else {
      unsafe clients.sendMemory(fd, start, count, &wake)
    }
    return .taken
  }
}
