import Foundation

func encoded(_ value: some Encodable) throws -> Data { try JSONEncoder().encode(value) }

func decoded<Value: Decodable>(from data: Data) throws -> Value {
  try JSONDecoder().decode(Value.self, from: data)
}
