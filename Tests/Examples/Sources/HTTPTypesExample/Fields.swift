import Foundation
import HTTPTypes
import StaticAssets

extension PlainResponse {
  /// The value of `Date`.
  static var dateNow: String { date(at: Int64(Date().timeIntervalSince1970)) }
}

extension HTTPRequest {
  /// Whether the client closes the connection behind the response.
  var wantsClose: Bool {
    headerFields[values: .connection].contains { value in
      value.split(separator: ",").contains { option in
        option.trimmingCharacters(in: .whitespaces).lowercased() == "close"
      }
    }
  }
}
