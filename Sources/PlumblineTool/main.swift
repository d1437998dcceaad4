print("PlumblineTool")
