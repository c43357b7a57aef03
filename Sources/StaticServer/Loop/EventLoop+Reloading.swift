internal import StaticAssets

/// A table that answers no more, kept for clients that are still taking an answer from it.
struct RetiredTable {
  let table: FileTable
  /// The loop's number of it.
  let epoch: UInt16
}

/// Changing the table under running connections.
///
/// A response that its client takes slowly points into the table it was made from, so a table is
/// let go when no connection waits with a response of its time.
extension EventLoop {
  /// Answers from `table` from now on.
  mutating func replaceTable(_ table: FileTable) {
    retired.append(RetiredTable(table: current, epoch: epoch))
    epoch &+= 1
    current = table
    unsafe self.table = Unmanaged.passUnretained(table)
    unsafe tableStart = table.baseAddress
    releaseRetired()
  }

  /// Lets go the retired tables that no response needs, and looks again in a second if some do.
  @inline(never)
  mutating func releaseRetired() {
    var needed: Set<UInt16> = []
    for number in 0..<Int32(connections.usedCapacity) where connections[number].state == .sending {
      needed.insert(connections[number].epoch)
    }
    retired.removeAll { !needed.contains($0.epoch) }
    releasesAgain = retired.isEmpty ? Int64.max : now + 1000
  }
}
