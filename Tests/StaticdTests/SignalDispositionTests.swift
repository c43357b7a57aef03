import Glibc
import Testing

@testable import staticd

/// What a process does with signals, from /proc.
@Suite struct SignalDispositionTests {
  private static let status = """
    Name:\tpython3
    SigBlk:\t0000000000000800
    SigIgn:\t0000000001001000
    SigCgt:\t0000000180000202
    """

  @Test(
    "caught, ignored and blocked signals do not end the process",
    arguments: [
      // 0x202 is INT (2) and USR1 (10), 0x1001000 PIPE (13) and XFSZ (25), 0x800 USR2 (12).
      (SIGINT, true), (SIGUSR1, true), (SIGPIPE, true), (SIGXFSZ, true), (SIGUSR2, true),
      (SIGHUP, false), (SIGTERM, false), (SIGTTIN, false), (0, false), (65, false), (-1, false),
    ]
  )
  func survives(signal: Int32, expected: Bool) throws {
    let disposition = try #require(SignalDisposition(status: Self.status))
    #expect(disposition.survives(signal) == expected)
  }

  @Test(
    "what is not the status of a process",
    arguments: ["", "SigCgt:\t1\nSigIgn:\t1", "SigIgn: x\nSigCgt: 1\nSigBlk: 1"]
  )
  func malformed(status: String) {
    #expect(SignalDisposition(status: status) == nil)
  }
}
