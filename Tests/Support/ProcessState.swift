import Foundation

/// What the kernel tells of another process.
///
/// Source: proc(5).
public enum ProcessState {
  /// How many descriptors it has open.
  public static func descriptorCount(_ pid: Int32) -> Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count) ?? 0
  }

  /// Whether every one of its threads sleeps, at `count` looks in a row: one that is busy is seen.
  public static func sleeps(_ pid: Int32, looks count: Int = 50) -> Bool {
    (0..<count).allSatisfy { _ in
      pass(.milliseconds(1))
      return threadStates(pid).allSatisfy { $0 == "S" }
    }
  }

  /// One letter for each thread: `S` for one that waits, `R` for one that runs or could.
  private static func threadStates(_ pid: Int32) -> [Character] {
    let directory = "/proc/\(pid)/task"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.compactMap { name in
      let data = FileManager.default.contents(atPath: "\(directory)/\(name)/stat") ?? Data()
      let fields = String(decoding: data, as: UTF8.self).components(separatedBy: ") ")
      return fields.last?.first
    }
  }
}
