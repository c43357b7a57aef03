import Foundation
import StaticAssets
import TestSupport
import Testing

@testable import StaticServer

/// Log lines that the system does not accept.
///
/// Goal: they are counted in a separate line as soon as a line is accepted. Method: the writer
/// writes to a full device, which a file then replaces.
@Suite struct LostLineTests {
  private let directory = TemporaryDirectory()

  @Test(
    "a full disk",
    arguments: [
      (AccessLog.Format.json, "\"dropped\":3}"), (.combined, "staticd: 3 lines dropped\""),
    ]
  )
  func fullDisk(format: AccessLog.Format, told: String) throws {
    let log = Descriptor(owning: open("/dev/full", O_WRONLY | O_CLOEXEC))
    let file = Descriptor(
      owning: open(directory.path("access.log"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    )
    let channel = LogChannel(capacity: 100)
    let writer = try LogWriter(
      [channel],
      to: AccessLog(format: format, descriptor: log.number)
    )
    try writer.start()
    for (lines, count) in [(["1\n", "2\n"], 2), (["3\n"], 3)] {
      offer(lines, channel, writer)
      #expect(eventually { writer.lostCount == count })
    }
    #expect(dup2(file.number, log.number) == log.number)
    offer(["4\n"], channel, writer)
    writer.stop()
    let lines = (directory.text("access.log") ?? "").split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.first?.hasSuffix(told) == true, "\(lines)")
    #expect(lines.last == "4")
  }

  private func offer(_ lines: [String], _ channel: LogChannel, _ writer: LogWriter) {
    var buffer = ByteBuffer(capacity: 100)
    for line in lines { buffer.appendRecord(Array(line.utf8), at: 0) }
    let isTaken = channel.offer(buffer)
    #expect(isTaken)
    writer.notify()
  }
}
