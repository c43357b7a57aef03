/// The limits of the process's control group, as container runtimes set them.
///
/// Source: the kernel's "Control Group v2" (`cpu.max`, `memory.max`) and, for version 1,
/// `cpu.cfs_quota_us` and `memory.limit_in_bytes`. The limits of all ancestors apply, too.
package struct ControlGroup: Equatable, Sendable {
  /// The CPU quota of the group in processors, rounded up, at least 1; nil if unlimited.
  package private(set) var processorCountMax: Int?
  /// The memory limit of the group in bytes; nil if unlimited.
  package private(set) var memoryByteCountMax: Int?

  /// The limits of this process.
  package static var current: ControlGroup { ControlGroup(read: text) }

  /// - Parameter read: the text of a file; nil if there is none.
  package init(read: (String) -> String?) {
    let lines = (read("/proc/self/cgroup") ?? "").split(separator: "\n")
    for line in lines {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      // In a container the path may be the host's, which is not mounted there; the container's own
      // group is then the root of the mount.
      for path in Self.groups(fields[2]) {
        if fields[1].isEmpty {
          note("/sys/fs/cgroup\(path)", read)
        } else {
          note("/sys/fs/cgroup/\(fields[1])\(path)", version1: fields[1], read)
        }
      }
    }
  }

  /// A group and its ancestors; the root, an empty text, is last.
  private static func groups(_ path: Substring) -> [Substring] {
    var groups: [Substring] = []
    var path = path == "/" ? "" : path
    while !path.isEmpty {
      groups.append(path)
      path = path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)
    }
    return groups + [""]
  }

  private mutating func note(_ directory: String, _ read: (String) -> String?) {
    let share = read("\(directory)/cpu.max")?.split { $0 == " " || $0 == "\n" }.map { Int($0) }
    if let share, share.count == 2, let quota = share[0], let period = share[1] {
      limitProcessors(quota, period)
    }
    limitMemory(read("\(directory)/memory.max"))
  }

  private mutating func note(
    _ directory: String,
    version1 controllers: Substring,
    _ read: (String) -> String?
  ) {
    let names = controllers.split(separator: ",")
    if names.contains("cpu") {
      let quota = Self.number(read("\(directory)/cpu.cfs_quota_us"))
      let period = Self.number(read("\(directory)/cpu.cfs_period_us"))
      if let quota, let period { limitProcessors(quota, period) }
    }
    if names.contains("memory") { limitMemory(read("\(directory)/memory.limit_in_bytes")) }
  }

  private mutating func limitProcessors(_ quota: Int, _ period: Int) {
    // A quota of -1 means no limit.
    guard quota > 0, period > 0 else { return }
    let count = max(1, quota / period + (quota % period > 0 ? 1 : 0))
    processorCountMax = min(processorCountMax ?? count, count)
  }

  private mutating func limitMemory(_ text: String?) {
    // Without a limit, version 1 has a number near the maximum; version 2 has "max".
    guard let count = Self.number(text), count > 0, count < 1 << 60 else { return }
    memoryByteCountMax = min(memoryByteCountMax ?? count, count)
  }

  private static func number(_ text: String?) -> Int? {
    text.flatMap { Int($0.prefix { $0 != "\n" }) }
  }

  static func text(_ path: String) -> String? {
    let path = BytePath(path)
    guard let file = try? Descriptor.open(path, flags: FileFlags.read),
      let bytes = try? file.readAll(path: path)
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}
