// Plumbline
