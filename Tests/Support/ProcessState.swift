import Foundation

/// The state of another process in /proc.
///
/// Source: proc(5).
public enum ProcessState {
  /// The number of open descriptors.
  public static func descriptorCount(_ pid: Int32) -> Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count) ?? 0
  }

  /// The number of threads with a stack, including threads that have ended: each stack has a guard,
  /// which is a mapping of one page without access.
  public static func stackCount(_ pid: Int32) -> Int {
    let data = FileManager.default.contents(atPath: "/proc/\(pid)/maps") ?? Data()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").count { line in
      let words = line.split(separator: " ")
      let range = words[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
      return words[1] == "---p" && range.count == 2 && range[1] - range[0] == 4096
    }
  }

  /// Whether all its threads sleep in `count` consecutive checks, so that a busy thread is
  /// detected.
  public static func sleeps(_ pid: Int32, looks count: Int = 50) -> Bool {
    (0..<count).allSatisfy { _ in
      pass(.milliseconds(1))
      return threadStates(pid).allSatisfy { $0 == "S" }
    }
  }

  /// One letter for each thread: `S` if it waits, `R` if it is running or runnable.
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
