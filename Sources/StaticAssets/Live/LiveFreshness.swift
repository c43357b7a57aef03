/// Whether another write could leave a file's times unchanged.
///
/// The kernel sets times from a clock that advances every 1 to 10 ms; some file systems store whole
/// seconds. Of two writes within one step, the second may leave the times equal, and a validator
/// made from them would identify two contents (RFC 9110 §8.8.1).
package struct LiveFreshness: Equatable, Sendable {
  /// The longest step of a clock that stores fractions of a second: 20 ms, in nanoseconds.
  static let fineStep: Int64 = 20_000_000
  /// The longest step of the times of other file systems, such as FAT: 2 s, in nanoseconds.
  static let coarseStep: Int64 = 2_000_000_000

  /// Whether the change time may stay the same at the next write: the entity tag must then be
  /// unique.
  package let isTagFresh: Bool
  /// Whether `Last-Modified` may be sent: its second is over, so it identifies one content.
  package let hasDate: Bool
  /// When `hasDate` will become true, in nanoseconds since 1970; `Int64.max` if it is true already.
  package let dateTime: Int64

  /// The freshness at `now`, in nanoseconds since 1970.
  ///
  /// - Parameters:
  ///   - status: the file.
  ///   - now: the time of the kernel's clock of file times.
  ///   - isLocal: whether only this machine's clock sets the times.
  package init(_ status: FileStatus, at now: Int64, isLocal: Bool) {
    let hasFraction = status.changedTime.nanoseconds != 0 || status.modifiedTime.nanoseconds != 0
    let step = isLocal && hasFraction ? Self.fineStep : Self.coarseStep
    isTagFresh = status.changedTime.total > now - step
    // Whole seconds: `Last-Modified` has no fraction.
    let end = (status.modified &+ 1).multipliedReportingOverflow(by: 1_000_000_000)
    let endTime = end.overflow ? .max : end.partialValue
    hasDate = endTime <= now
    dateTime = hasDate ? .max : endTime
  }
}

extension FileVersion {
  /// The entity tag of a file that is looked up live: modification time, size and change time.
  ///
  /// The change time distinguishes files that were copied with their modification times (`cp -p`).
  func liveEntityTag(once: UInt64?) -> [UInt8] {
    var text = "\"\(String(modified, radix: 16)).\(String(nanoseconds, radix: 16))"
    text += "-\(String(byteCount, radix: 16))-\(String(changedTotal, radix: 16))"
    // A unique tag, which no later request can match.
    if let once { text += "-\(String(once, radix: 16))" }
    return Array("\(text)\"".utf8)
  }
}
