/// What a process does with each signal. proc(5)
struct SignalDisposition: Equatable {
  /// One bit for each signal that has a handler; bit 0 is signal 1.
  let caught: UInt64
  /// One bit for each signal that is ignored.
  let ignored: UInt64
  /// One bit for each signal that is blocked: the process may read it, as tini does. sigtimedwait(2),
  /// signalfd(2)
  let blocked: UInt64

  /// The state of process `number`; nil if it cannot be read.
  static func now(of number: Int32) -> SignalDisposition? {
    ProcessTable.contents("/proc/\(number)/status").flatMap {
      SignalDisposition(status: String(decoding: $0, as: UTF8.self))
    }
  }

  /// Reads `/proc/PID/status`: lines such as `SigCgt:	0000000180004202`.
  init?(status text: String) {
    var masks: [Substring: UInt64] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, ["SigCgt", "SigIgn", "SigBlk"].contains(parts[0])
      else { continue }
      masks[parts[0]] = UInt64(parts[1].filter { $0 != "\t" && $0 != " " }, radix: 16)
    }
    guard let caught = masks["SigCgt"], let ignored = masks["SigIgn"],
      let blocked = masks["SigBlk"]
    else { return nil }
    self.caught = caught
    self.ignored = ignored
    self.blocked = blocked
  }

  /// Whether the process goes on after `signal`: HUP and USR1, for example, end a process without a
  /// handler, and TTIN stops it.
  func survives(_ signal: Int32) -> Bool {
    (1...64).contains(signal) && (caught | ignored | blocked) >> UInt64(signal - 1) & 1 == 1
  }
}
