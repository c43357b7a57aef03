package import StaticAssets
internal import StaticCollector

/// Removes objects, a thousand per request if the store supports that.
extension ObjectStore {
  private static let countPerRequest = 1000

  /// Removes the objects `names`; a missing one is not an error.
  package func remove(_ names: [BytePath]) throws(StoreError) {
    var single = names.filter { Self.xmlText(address.key($0)) == nil }
    let others = names.filter { Self.xmlText(address.key($0)) != nil }
    for start in stride(from: 0, to: others.count, by: Self.countPerRequest) {
      let batch = Array(others[start..<min(start + Self.countPerRequest, others.count)])
      single += try removeTogether(batch)
    }
    let results = ParallelMap.map(count: single.count, threadCount: Self.concurrency) { number in
      Result { () throws(StoreError) in
        let key = self.address.key(single[number])
        _ = try self.perform(
          Call(method: "DELETE", key: key, operation: "remove", accepted: [404])
        )
      }
    }
    for case .failure(let error) in results { throw error }
  }

  /// Removes objects by one request; returns those that are still to be removed.
  ///
  /// If the store does not support the request, or refuses it, each object gets a request of its
  /// own, whose error is reported.
  private func removeTogether(_ names: [BytePath]) throws(StoreError) -> [BytePath] {
    guard names.count > 1 else { return names }
    var text = "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet>"
    for name in names {
      text += "<Object><Key>\(Self.xmlText(address.key(name)) ?? "")</Key></Object>"
    }
    let body = Array((text + "</Delete>").utf8)
    var md5 = MD5()
    unsafe body.withUnsafeBytes { unsafe md5.update($0) }
    let checksum = String(decoding: DigestText.base64(md5.finish()), as: UTF8.self)
    let call = Call(
      method: "POST",
      query: [("delete", "")],
      fields: [("Content-MD5", checksum), ("Content-Type", "application/xml")],
      body: .bytes(body),
      bodyHash: String(decoding: ContentDigests.sha256(body[...]), as: UTF8.self),
      operation: "remove objects below"
    )
    let response: HTTPResponse
    do throws(StoreError) {
      response = try perform(call)
    } catch {
      guard case .refused = error else { throw error }
      return names
    }
    guard let result = XMLElement.parse(response.body), result.name == "DeleteResult" else {
      return names
    }
    let failed = Set(result.children("Error").compactMap { $0.text(of: "Key") })
    return names.filter { failed.contains(String(decoding: address.key($0), as: UTF8.self)) }
  }

  /// A key as XML 1.0 text; nil if XML does not allow its characters.
  static func xmlText(_ key: [UInt8]) -> String? {
    guard let text = String(validating: key, as: UTF8.self) else { return nil }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x26: result += "&amp;"
      case 0x3C: result += "&lt;"
      case 0x3E: result += "&gt;"
      case 0x09, 0x0A, 0x0D: result += "&#\(scalar.value);"
      case 0..<0x20, 0xFFFE, 0xFFFF: return nil
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
