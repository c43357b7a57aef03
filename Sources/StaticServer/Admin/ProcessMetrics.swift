internal import CLinux
internal import Glibc
internal import StaticAssets

/// The kernel's statistics of this process. proc(5)
package struct ProcessMetrics: Sendable {
  /// User and system time, in seconds.
  package var cpuSeconds = 0.0
  package var residentBytes: UInt64 = 0
  package var virtualBytes: UInt64 = 0
  package var openDescriptors: UInt64 = 0
  package var descriptorsMax: UInt64 = 0
  /// The start time of the process, in seconds since 1970.
  package var startTime = 0.0

  /// The current values; 0 for one that cannot be read.
  package static var now: ProcessMetrics {
    var metrics = ProcessMetrics()
    metrics.readUsage()
    metrics.readStatus()
    metrics.openDescriptors = UInt64(descriptorCount)
    metrics.descriptorsMax = UInt64(DescriptorLimit.current)
    return metrics
  }

  /// Reads the CPU time. getrusage(2)
  private mutating func readUsage() {
    var usage = rusage()
    guard unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return }
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    cpuSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  /// Reads memory and the start time from `/proc/self/stat`.
  private mutating func readStatus() {
    let text = Self.text("/proc/self/stat")
    // The name of the program, in parentheses, may contain anything.
    guard let end = text.lastIndex(of: ")") else { return }
    // The first field after the name is field 3 of proc_pid_stat(5).
    let fields = text[text.index(after: end)...].split(separator: " ")
    func field(_ number: Int) -> UInt64 {
      let index = number - 3
      return fields.indices.contains(index) ? UInt64(fields[index]) ?? 0 : 0
    }
    virtualBytes = field(23)
    residentBytes = field(24) * UInt64(max(0, sysconf(Int32(_SC_PAGESIZE))))
    let ticks = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
    startTime = Self.bootTime + Double(field(22)) / ticks
  }

  /// The boot time of the system, in seconds since 1970.
  ///
  /// Computed once: a value that moves with the clock would look like a restart. From the clocks, because
  /// a service with `ProcSubset=pid` cannot read `/proc/stat`.
  private static let bootTime = seconds(of: CLOCK_REALTIME) - seconds(of: CLOCK_BOOTTIME)

  /// The time of a clock in seconds. clock_gettime(2)
  private static func seconds(of clock: clockid_t) -> Double {
    var time = timespec()
    guard unsafe clock_gettime(clock, &time) == 0 else { return 0 }
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The number of open descriptors, without that of the listing itself.
  private static var descriptorCount: Int {
    guard let directory = unsafe opendir("/proc/self/fd") else { return 0 }
    defer { unsafe closedir(directory) }
    var count = 0
    while let entry = unsafe readdir(directory) {
      if unsafe entry.pointee.d_name.0 != CChar(bitPattern: UInt8(ascii: ".")) { count += 1 }
    }
    return max(0, count - 1)
  }

  private static func text(_ path: String) -> String {
    guard let file = try? Descriptor.open(BytePath(path), flags: FileFlags.read),
      let bytes = try? file.readAll(path: BytePath(path))
    else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }
}
