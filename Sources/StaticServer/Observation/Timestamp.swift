internal import CLinux

/// The current time as text and as a number.
package enum Timestamp {
  /// In RFC 3339 with milliseconds: `2026-11-21T05:01:16.250Z`.
  package static var now: String { String(decoding: LogTime.now.text, as: UTF8.self) }

  /// In seconds since 1970.
  package static var seconds: Double { Double(clinux_realtime_precise_nanoseconds()) / 1e9 }
}
