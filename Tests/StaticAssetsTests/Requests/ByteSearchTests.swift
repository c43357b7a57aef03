import Testing

@testable import StaticAssets

/// The searches that process sixteen bytes at a time, compared with simple ones.
@Suite struct ByteSearchTests {
  @Test("agrees with the simple search at every length and position", arguments: 0...40)
  func agrees(count: Int) {
    for hit in 0...count {
      var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: count)
      if hit < count { bytes[hit] = UInt8(ascii: "#") }
      var control = bytes
      if hit < count { control[hit] = 0x7F }
      for start in 0...count {
        let expected = bytes[start...].firstIndex(of: UInt8(ascii: "#")) ?? count
        for end in start...count {
          let byte = bytes.span.firstIndex(of: UInt8(ascii: "#"), in: start..<end)
          #expect(byte == min(end, expected))
        }
        let target = bytes.span.firstIndexOutsideTarget(from: start)
        #expect(target == expected)
        let field = control.span.firstIndexOutsideFieldValue(from: start)
        #expect(field == expected)
      }
    }
  }

  @Test("every byte is classified the same alone and among sixteen")
  func everyByte() {
    for byte in UInt8.min...UInt8.max {
      for padding in [0, 15, 20] {
        let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: padding) + [byte]
        let isTarget = byte > 0x20 && byte != 0x7F && byte != UInt8(ascii: "#")
        let target = bytes.span.firstIndexOutsideTarget(from: 0)
        #expect(target == (isTarget ? padding + 1 : padding))
        let isField = byte == 0x09 || byte >= 0x20 && byte != 0x7F
        let field = bytes.span.firstIndexOutsideFieldValue(from: 0)
        #expect(field == (isField ? padding + 1 : padding))
      }
    }
  }
}
