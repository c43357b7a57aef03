import Foundation
import TestSupport
import Testing

@testable import StaticAssets

/// zstd files of other programs.
///
/// Goal: no file is sent that a browser must reject. Source: RFC 8878 §3.1.1, RFC 9659.
@Suite struct ZstandardFrameTests {
  private static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

  struct Row: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    let isUsableAsContentCoding: Bool
    var testDescription: String { bytes.map { String($0, radix: 16) }.joined(separator: " ") }
  }

  private static func row(_ bytes: [UInt8], _ isUsableAsContentCoding: Bool) -> Row {
    Row(bytes: magic + bytes, isUsableAsContentCoding: isUsableAsContentCoding)
  }

  static let rows = [
    // A window of 1 KiB, of 8 MiB, and of the next size.
    row([0x00, 0x00, 0], true), row([0x00, 13 << 3, 0], true), row([0x00, 13 << 3 | 1, 0], false),
    row([0x00, 0xFF, 0], false),
    // A checksum; a dictionary; dictionary ID 0, which means none; the reserved bit.
    row([0x04, 0x00, 0], true), row([0x01, 0x00, 7, 0], false), row([0x01, 0x00, 0, 0], true),
    row([0x02, 0x00, 0, 1, 0], false), row([0x08, 0x00, 0], false),
    // Single segments with a size of 1, 2, 4 and 8 bytes.
    row([0x20, 0xFF, 0], true), row([0x60, 0xFF, 0xFF], true),
    row([0xA0, 0x00, 0x00, 0x80, 0x00], true), row([0xA0, 0x01, 0x00, 0x80, 0x00], false),
    row([0xE0, 0, 0, 0, 0, 1, 0, 0, 0], false), row([0xE0, 1, 0, 0, 0, 0, 0, 0, 0], true),
    // Truncated files, and files that are not zstd.
    row([], false), row([0x00], false), row([0x60, 0xFF], false), row([0xA0, 0, 0], false),
    Row(bytes: [], isUsableAsContentCoding: false),
    Row(bytes: Array("not zstd at all".utf8), isUsableAsContentCoding: false),
    Row(bytes: [0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0], isUsableAsContentCoding: false),
  ]

  @Test("frame heads", arguments: rows)
  func head(row: Row) {
    #expect(ZstandardFrame.isUsableAsContentCoding(row.bytes) == row.isUsableAsContentCoding)
  }

  @Test(
    "sent if allowed, never at a URL of its own",
    arguments: [
      ([0x00, 0x00, 0], 0, true), ([0x00, 0xFF, 0], 0, false), ([0x00, 0x00, 0], -60, false),
    ] as [([UInt8], Int, Bool)]
  )
  func stored(frame: [UInt8], age: Int, isSent: Bool) throws {
    let directory = TemporaryDirectory()
    directory.write(String(repeating: "x", count: 100), to: "a.css")
    let path = directory.write(Self.magic + frame, to: "a.css.zst")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: Double(age))],
      ofItemAtPath: path
    )
    let table = try FileTable(root: directory.path)
    let answer = try #require(table.ask("/static/a.css", "Accept-Encoding: zstd"))
    #expect(answer.fields["Content-Encoding"] == (isSent ? "zstd" : nil))
    #expect(answer.fields["Vary"] == (isSent ? "Accept-Encoding" : nil))
    #expect(answer.fields["ETag"]?.hasSuffix("-zstd\"") == isSent)
    #expect(table.ask("/static/a.css.zst")?.status == 404)
  }
}
